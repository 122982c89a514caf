"""Attachments: what a file is told by its bytes, whatever its name says."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwatch.disposal.attachments import KINDS, FileRefused, check


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name in names:
            pack.writestr(name, "x")
    return out.getvalue()


PDF, PNG, JPEG = b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0...."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64


@pytest.mark.parametrize(
    ("name", "data", "kept", "kind"),
    [
        ("现场笔录.pdf", PDF, "现场笔录.pdf", "pdf"), ("照片.JPEG", JPEG, "照片.jpeg", "jpeg"), ("图.png", PNG, "图.png", "png"),
        ("报告.docx", packed("word/document.xml"), "报告.docx", "docx"), ("台账.xlsx", packed("xl/workbook.xml"), "台账.xlsx", "xlsx"),
        ("决定书.ofd", packed("OFD.xml", "Doc_0/Document.xml"), "决定书.ofd", "ofd"), ("旧表.et", OLE, "旧表.et", "office"),
        ("录像.MOV", b"\0\0\0\x14ftypqt  ", "录像.mov", "mp4"), ("录音.wav", b"RIFF\0\0\0\0WAVEfmt ", "录音.wav", "wav"), ("扫描件", PDF, "扫描件.pdf", "pdf"),
        ("检测报告.2025.11", PDF, "检测报告.2025.11.pdf", "pdf"),
    ],
)  # fmt: skip
def test_what_offices_send_is_taken(name, data, kept, kind):
    found = check(name, data)
    assert (found.name, found.kind, found.size) == (kept, kind, len(data))


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("a.pdf", b"", "file_empty"), ("a.pdf", b"MZ\x90\x00", "file_type"), ("a.pdf", b"#!/bin/sh\n", "file_type"), ("a.html", b"<html>", "file_type"),
        ("a.svg", b"<svg onload=alert(1)>", "file_type"), ("a.zip", packed("a.txt"), "file_type"), ("a.docx", packed("a.exe"), "file_type"),
        ("a.docx", b"PK\x03\x04broken", "file_type"), ("a.docm", packed("word/document.xml", "word/vbaProject.bin"), "file_macro"),
        ("a.docx", packed("word/document.xml", "word/vbaProject.bin"), "file_macro"), ("a.xlsx", packed("xl/workbook.xml", "xl/activeX/activeX1.xml"), "file_macro"),
        ("a.png", PDF, "file_name"), ("a.pdf", JPEG, "file_name"), ("a.pdf", b" %PDF-1.7", "file_type"), ("a.pdf", b"%PDF-" + b"0" * 1_100_000, "file_large"),
    ],
)  # fmt: skip
def test_what_is_none_of_the_types_or_pretends_to_be_is_refused_with_what_to_do(name, data, rule):
    with pytest.raises(FileRefused) as no:
        check(name, data, most=2**20)
    assert no.value.rule == rule and "a." in no.value.message.zh and no.value.message.en


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("..\\..\\windows\\system32\\a.pdf", "a.pdf"), ("/a/b/c.pdf", "c.pdf"), ("a\x00b.pdf", "ab.pdf"),
        ("报告\u202efdp.pdf", "报告fdp.pdf"), ("a\nb\t.pdf", "ab.pdf"), ("  .pdf", "pdf.pdf"), ("...", "附件.pdf"), ("", "附件.pdf"), ("con.pdf", "_con.pdf"),
        ("COM1.tar.pdf", "_COM1.tar.pdf"), ('a<b>:"|?*.pdf', "a_b______.pdf"), ("长" * 300 + ".pdf", "长" * 100 + ".pdf"), ("a.exe.pdf", "a.exe.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_kept_without_folders_and_what_could_mislead(name, kept):
    assert check(name, PDF).name == kept


@given(st.text(max_size=60), st.sampled_from([PDF, PNG, JPEG, OLE]))
def test_whatever_the_name_what_is_kept_is_a_plain_name_with_a_fitting_ending(name, data):
    try:
        found = check(name, data)
    except FileRefused as no:
        assert no.rule == "file_name"
        return
    assert not set(found.name) & set('/\\<>:"|?*\0\r\n') and 0 < len(found.name) <= 110
    assert found.name.rsplit(".", 1)[1] in next(k for k in KINDS if k.name == found.kind).endings
    assert check(found.name, data).name == found.name, "tidying once is enough"


@given(st.binary(max_size=200))
def test_no_bytes_whatever_break_the_check(data):
    try:
        check("a", data)
    except FileRefused as no:
        assert no.rule in ("file_empty", "file_type")
