"""The words the records of self-built houses choose from (domain-rules A.2.3 and A.2.4), and how offices write them."""

from __future__ import annotations

from pilotwatch.domain import Choices

OWNERSHIP = Choices.of(
    ("私有", "私有", "Private", "私人", "个人", "个人所有"), ("集体", "集体", "Collective", "集体所有"),
    ("国有", "国有", "State", "国家所有"), ("不详", "不详", "Unknown", "不明", "产权不明"),
)  # fmt: skip
LAND = Choices.of(
    ("国有土地", "国有土地", "State land", "国有"), ("集体土地", "集体土地", "Collective land", "集体", "宅基地")
)
AREAS = Choices.of(
    ("城市建成区", "城市建成区", "Built-up city", "建成区"), ("城乡接合部", "城乡接合部", "Urban fringe", "城乡结合部"),
    ("城中村", "城中村", "Village in the city"), ("拆迁安置区", "拆迁安置区", "Resettlement area", "安置区"),
    ("工业园区", "工业园区", "Industrial park", "园区"), ("建制镇", "建制镇", "Town"), ("集镇", "集镇", "Market town"),
    ("学校周边", "学校周边", "Around a school"), ("医院周边", "医院周边", "Around a hospital"),
    ("商贸市场周边", "商贸市场周边", "Around a market", "市场周边", "商贸市场"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
USES = Choices.of(
    ("经营性自建房", "经营性自建房", "Used for business", "经营性", "经营", "经营用房"),
    ("其他自建房", "其他自建房", "Other", "非经营性", "自住", "其它自建房", "非经营性自建房", "居住"),
)
BUSINESSES = Choices.of(
    ("餐饮饭店", "餐饮饭店", "Restaurants", "餐饮", "饭店"), ("民宿宾馆", "民宿宾馆", "Lodging", "民宿", "宾馆", "旅馆"),
    ("出租居住(≥10人)", "出租居住（≥10人）", "Rented, 10 people or more", "出租居住", "出租", "出租房"),
    ("商超", "商超", "Shops", "超市", "商店"), ("医疗卫生", "医疗卫生", "Health", "诊所", "医疗"),
    ("教育培训", "教育培训", "Training", "教育", "培训"), ("养老", "养老", "Elderly care", "养老服务"),
    ("文化娱乐", "文化娱乐", "Entertainment", "娱乐"), ("农贸市场", "农贸市场", "Food market", "市场"),
    ("生产加工", "生产加工", "Workshop", "加工", "生产"), ("仓储", "仓储", "Storage", "仓库"),
    ("宗教活动", "宗教活动", "Religious", "宗教活动场所"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
STRUCTURES = Choices.of(
    ("砖混", "砖混", "Brick and concrete", "砖混结构", "砖混（砖砌体）"), ("砖木", "砖木", "Brick and timber", "砖木结构"),
    ("土木(生土)", "土木（生土）", "Earth and timber", "土木", "生土", "土木结构", "生土结构", "土坯"),
    ("框架", "框架", "Frame", "框架结构", "钢筋混凝土框架"), ("底框", "底框", "Frame below", "底框结构", "底部框架", "底部框架-上部砌体"),
    ("钢结构", "钢结构", "Steel", "钢", "轻钢结构"), ("石结构", "石结构", "Stone", "石砌体", "石木结构"),
    ("混杂", "混杂", "Mixed", "混杂结构", "混合结构"), ("其他", "其他", "Other", "其它", "其他结构"),
)  # fmt: skip
ROOFS = Choices.of(
    ("平屋盖", "平屋盖", "Flat", "平屋面", "平顶"), ("坡屋盖", "坡屋盖", "Pitched", "坡屋面", "坡顶"),
    ("现浇板", "现浇板", "Cast slab", "现浇屋盖"), ("预制板", "预制板", "Precast slab", "预制屋盖"), ("木屋盖", "木屋盖", "Timber", "木屋架"),
    ("轻钢彩板", "轻钢彩板", "Light steel", "彩钢板", "轻钢屋盖"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
SLABS = Choices.of(
    ("现浇板", "现浇板", "Cast slab", "现浇楼盖"), ("预制板", "预制板", "Precast slab", "预制楼盖", "空心板"),
    ("木楼盖", "木楼盖", "Timber", "木楼板"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
FOUNDATIONS = Choices.of(
    ("条形基础", "条形基础", "Strip", "条基"), ("独立基础", "独立基础", "Pad", "独基"), ("筏板基础", "筏板基础", "Raft", "筏基"),
    ("桩基础", "桩基础", "Piles", "桩基"), ("毛石基础", "毛石基础", "Rubble"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
ALTERATIONS = Choices.of(
    ("加层", "加层", "Floor added", "增层"), ("扩建", "扩建", "Extended"), ("拆改承重墙", "拆改承重墙", "Load-bearing wall cut", "拆改承重结构"),
    ("开门洞", "开门洞", "Opening cut", "开洞", "墙体开洞"), ("用途变更", "用途变更", "Use changed", "改变用途"), ("无", "无", "None", "未改扩建"),
)  # fmt: skip
#: The alterations themselves.
ALTERED = Choices(tuple(c for c in ALTERATIONS.items if c.value != "无"))
SCREENING = Choices.of(
    ("未发现安全隐患", "未发现安全隐患", "No danger found", "暂无危险", "未发现隐患", "无安全隐患"),
    ("存在一定安全隐患", "存在一定安全隐患", "Some danger", "潜在危险", "一定安全隐患"),
    ("存在严重安全隐患", "存在严重安全隐患", "Serious danger", "危险房屋", "严重安全隐患"),
)
GRADES = Choices.of(
    ("A", "A级", "A", "Ａ级"), ("B", "B级", "B", "Ｂ级"),
    ("C", "C级", "C", "Ｃ级", "局部危房"), ("D", "D级", "D", "Ｄ级", "整幢危房"),
)  # fmt: skip
OPERATING = Choices.of(
    ("营业", "营业", "Open", "在营", "正常营业", "营业中"), ("停用", "停用", "Out of use", "停业", "已停用", "停止使用"),
    ("空置", "空置", "Empty", "闲置", "空置房"),
)  # fmt: skip
MEASURES = Choices.of(
    ("停止使用", "停止使用", "Use stopped", "停用"), ("人员撤离", "人员撤离", "Evacuated", "撤离人员", "人员搬离"),
    ("封控围挡", "封控围挡", "Fenced", "封闭围挡", "围挡"), ("限制人数", "限制人数", "People limited"),
    ("警示标志", "警示标志", "Warning sign", "设置警示标志", "警示"), ("维修加固", "维修加固", "Strengthened", "加固", "修缮加固", "加固修缮"),
    ("拆除重建", "拆除重建", "Rebuilt", "重建", "拆旧建新"), ("拆除", "拆除", "Demolished", "整体拆除"),
    ("违法建设查处", "违法建设查处", "Illegal building dealt with", "违建查处"),
)  # fmt: skip
RECTIFY = Choices.of(
    ("待整治", "待整治", "Waiting", "未整治"), ("整治中", "整治中", "In hand", "正在整治"), ("已整治", "已整治", "Done", "整治完成", "已完成"),
    ("已销号", "已销号", "Crossed off", "销号"),
)  # fmt: skip
SCREENERS = Choices.of(
    ("community", "社区", "Community", "村", "社区（村）"), ("street", "街道", "Street office", "乡镇", "街道（乡镇）"),
    ("expert", "专家", "Expert", "专业机构", "专业技术人员"),
)  # fmt: skip
APPRAISALS = Choices.of(
    ("整幢", "整幢", "Whole house", "整幢鉴定", "整栋", "整体鉴定"), ("局部", "局部", "Part", "局部鉴定"),
    ("复核", "复核", "Review", "复核鉴定", "复鉴"),
)  # fmt: skip
ADVICE = Choices.of(
    ("观察使用", "观察使用", "Use and watch"), ("处理使用", "处理使用", "Repair and use"), ("停止使用", "停止使用", "Stop use", "停用"),
    ("整体拆除", "整体拆除", "Demolish", "拆除"),
)  # fmt: skip
HAZARDS = Choices.of(
    ("结构", "结构", "Structure", "结构安全", "结构隐患"), ("消防", "消防", "Fire", "消防安全", "消防隐患"), ("燃气", "燃气", "Gas", "燃气安全"),
    ("用电", "用电", "Electricity", "用电安全", "电气"), ("审批", "审批", "Permits", "审批手续", "手续"), ("改扩建", "改扩建", "Alterations", "违规改扩建"),
)  # fmt: skip
SENSORS = Choices.of(
    ("沉降", "沉降", "Settlement", "沉降监测"),
    ("倾斜", "倾斜", "Tilt", "倾斜监测"),
    ("裂缝", "裂缝", "Crack", "裂缝监测"),
)
PERMITS = Choices.of(
    ("用地", "用地", "Land", "用地审批", "用地批准"), ("规划", "规划", "Planning", "规划许可", "乡村建设规划许可证"),
    ("施工", "施工", "Building", "施工许可", "施工许可证"), ("特种行业", "特种行业", "Special trade", "特种行业许可证"),
    ("食品经营", "食品经营", "Food", "食品经营许可证"), ("消防", "消防", "Fire", "消防验收", "消防安全检查"),
)  # fmt: skip
DISASTERS = Choices.of(
    ("地震", "地震", "Earthquake"), ("暴雪", "暴雪", "Heavy snow", "大雪"), ("暴雨", "暴雨", "Rainstorm", "强降雨"),
    ("大风", "大风", "Gale", "雷雨大风", "强风", "暴风"), ("其他", "其他", "Other", "其它"),
)  # fmt: skip
ALERTS = Choices.of(
    ("red", "红色", "Red", "红", "红色预警", "Ⅰ级"), ("orange", "橙色", "Orange", "橙", "橙色预警", "Ⅱ级"),
    ("yellow", "黄色", "Yellow", "黄", "黄色预警", "Ⅲ级"), ("blue", "蓝色", "Blue", "蓝", "蓝色预警", "Ⅳ级"),
)  # fmt: skip
