"""Texts of 数据上报."""

TEXTS = {
    "upload.drop": ("把文件拖到这里", "Drop the file here"),
    "upload.browse": ("选择文件", "Choose a file"),
    "upload.limit": ("xlsx、xls、csv、et，不超过 200 MB", "xlsx, xls, csv or et, up to 200 MB"),
}
