"""Texts of 简报."""

TEXTS = {
    "nav.brief": ("简报", "Brief"),
    "brief.form": ("版式", "Form"),
    "brief.page": ("一页", "One page"),
    "brief.long": ("全文", "In full"),
    "brief.preview": ("预览", "Preview"),
    "brief.preview_page": (
        "呈领导：问题、责任部门、时限和变化",
        "For a leader: what is wrong, who acts, by when, what moved",
    ),
    "brief.preview_long": (
        "总体情况、三个领域、改革举措、处置、热点、政策任务，附数字口径",
        "Situation, the domains, the reform, disposal, hot spots, policy tasks, and how each number was made",
    ),
    "brief.take_docx": ("下载 Word（公文版式）", "Word document"),
    "brief.take_pdf": ("下载 PDF", "PDF"),
    "brief.none": ("这份简报做不出来", "This brief can't be made"),
    "brief.numbers": (
        "共 {n} 个数字，与系统各页面一致；脚注注明截至时间、批次、审核状态、编号和追溯地址。下载会记入审计。",
        "{n} numbers, the same as on the system's pages; the notes give as-of time, batch, approval, code and address. Taking it out is told to the audit.",
    ),
}
