"""The upload path: read → recognise → validate → stage → commit → withdraw."""
