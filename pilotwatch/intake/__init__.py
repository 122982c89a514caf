"""The upload path: read → recognise → validate → stage → commit → withdraw."""

from pilotwatch.intake.model import Cancelled, FileRefused
from pilotwatch.intake.upload import Upload, UploadRefused, prepare

__all__ = ["Cancelled", "FileRefused", "Upload", "UploadRefused", "prepare"]
