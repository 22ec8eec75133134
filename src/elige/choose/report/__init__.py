"""One self-contained HTML file that tells a verdict and shows what it stands on."""

from elige.choose.report.data import CandidateFacts, Report, SampleRow, Seen
from elige.choose.report.page import render_report, write_report

__all__ = ["CandidateFacts", "Report", "SampleRow", "Seen", "render_report", "write_report"]
