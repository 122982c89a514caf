"""Why a file as a whole is refused, and what its sender should do: one table, one sentence each."""

from __future__ import annotations

from pilotwatch.domain import Text
from pilotwatch.intake.model import FileRefused

#: Stable name of a refusal → what is wrong and what to do. `{…}` is filled where it is raised.
REFUSALS: dict[str, Text] = {
    "empty_file": Text(
        "文件是空的（0 字节），可能没有保存完或没有传完。请在电脑上重新保存后再上传。",
        "The file is empty (0 bytes): it was perhaps not saved or sent completely. Save it again and upload it again.",
    ),
    "too_large": Text(
        "文件大小为 {size} MB，超过上限 {limit} MB。请按年度或区县拆成几个文件，或删除其中的图片后再上传。",
        "The file has {size} MB; the limit is {limit} MB. Split it by year or district, or remove its pictures.",
    ),
    "bomb": Text(
        "文件压缩异常：解压后将达到 {size} MB，疑似损坏或恶意文件，未读取。请把表格内容复制到新建的工作簿（只粘贴数值），另存为 .xlsx 后再上传。",
        "The file would unpack to {size} MB: it is damaged or hostile and was not read. Copy the table into a new "
        "workbook (paste values only), save it as .xlsx and upload that.",
    ),
    "password": Text(
        "文件设有打开密码，无法读取。请在 Excel 或 WPS 中打开，取消密码（文件—信息—保护工作簿）后保存，再上传。",
        "The file is protected by a password. Open it, remove the password (File – Info – Protect workbook), save it "
        "and upload it again.",
    ),
    "picture": Text(
        "这是一张图片，不是表格，只是扩展名被改了。请上传原始的电子表格（.xlsx、.xls、.et 或 .csv）。",
        "This is a picture, not a table, whatever its name says. Upload the spreadsheet itself (.xlsx, .xls, .et, .csv).",
    ),
    "pdf": Text(
        "这是 PDF 文件，无法按行核对。请上传生成它的电子表格（.xlsx、.xls、.et 或 .csv）。",
        "This is a PDF and can't be checked row by row. Upload the spreadsheet it was made from.",
    ),
    "document": Text(
        "这是文字文档（Word 或 WPS 文字），不是表格。请把其中的表格复制到 Excel 或 WPS 表格，另存为 .xlsx 后再上传。",
        "This is a text document, not a spreadsheet. Copy its table into a spreadsheet, save it as .xlsx and upload that.",
    ),
    "slides": Text(
        "这是演示文稿，不是表格。请上传电子表格（.xlsx、.xls、.et 或 .csv）。",
        "This is a presentation, not a spreadsheet. Upload a spreadsheet (.xlsx, .xls, .et or .csv).",
    ),
    "html": Text(
        "这是从网页或系统导出的网页文件，只是扩展名写成了表格。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传。",
        "This is a web page that was saved under a spreadsheet's name. Open it in Excel or WPS, save it as an Excel "
        "workbook (.xlsx) and upload that.",
    ),
    "other_spreadsheet": Text(
        "这是 {format} 格式的表格，本系统不读取。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传。",
        "This is a spreadsheet of the format {format}, which isn't read here. Open it, save it as an Excel workbook "
        "(.xlsx) and upload that.",
    ),
    "archive": Text(
        "这是压缩包。请先解压，把里面的表格逐个上传。",
        "This is an archive. Unpack it and upload the spreadsheets in it one by one.",
    ),
    "not_workbook": Text(
        "无法识别这个文件：它不是电子表格，也不是文本表格。请上传 .xlsx、.xls、.et 或 .csv 文件。",
        "The file is neither a spreadsheet nor a text table. Upload an .xlsx, .xls, .et or .csv file.",
    ),
    "damaged": Text(
        "文件已损坏或没有传完，无法打开。请在电脑上用 Excel 或 WPS 打开并另存一份，再上传。",
        "The file is damaged or incomplete and can't be opened. Open it in Excel or WPS, save a copy and upload that.",
    ),
    "too_many_sheets": Text(
        "文件有 {found} 张工作表，超过上限 {limit} 张。请删去无关的工作表，或拆成几个文件后再上传。",
        "The file has {found} sheets; the limit is {limit}. Delete those that don't matter, or split the file.",
    ),
    "too_wide": Text(
        "工作表“{sheet}”有内容的最后一列是第 {found} 列（{letters} 列），超过上限 {limit} 列。请删除右侧零散的内容后再上传。",
        "The last filled column of the sheet “{sheet}” is number {found} ({letters}); the limit is {limit}. Delete the stray "
        "cells on the right.",
    ),
    "too_many_cells": Text(
        "读到工作表“{sheet}”（到最后有内容的单元格共 {rows} 行、{columns} 列）时，已超过系统一次可读取的单元格数。请删除表格之外零散的内容，或拆成几个文件后再上传。",
        "With the sheet “{sheet}” ({rows} rows and {columns} columns up to its last filled cell) the file has more cells than are read at once. Delete stray cells "
        "outside the table, or split the file.",
    ),
    "encoding": Text(
        "无法判断文本文件的编码：既不是 UTF-8，也不是 GB18030（第 {byte} 个字节起无法识别）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
        "The text is neither UTF-8 nor GB18030 (unreadable from byte {byte} on). Open it in Excel or WPS, save it as "
        ".xlsx and upload that.",
    ),
    "nul": Text(
        "第 {line} 行含有空字符（NUL），不是正常的文本表格，可能在导出或传输时损坏。请用 Excel 或 WPS 打开核对，另存为 .xlsx 后再上传。",
        "Line {line} holds a NUL character: this is no proper text table, and was perhaps damaged on its way. Open it in "
        "Excel or WPS, check it, save it as .xlsx and upload that.",
    ),
    "quote": Text(
        "第 {line} 行有一个没有结束的引号，其后的内容无法分列。请补上引号，或用 Excel 或 WPS 另存为 .xlsx 后再上传。",
        "A quotation mark opened on line {line} is never closed, so that the rest can't be split into columns. Close it, or "
        "save the table as .xlsx.",
    ),
}  # fmt: skip


def refused(rule: str, **values: object) -> FileRefused:
    """The error to raise for a file that can't be read: `raise refused("too_large", size=301, limit=200)`."""
    return FileRefused(rule, REFUSALS[rule].format(**values))
