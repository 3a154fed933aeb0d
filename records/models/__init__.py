"""The rows of evidence: what happened, what was issued, what was sent, what was received."""

from records.models.arrivals import Arrival
from records.models.documents import Document, Reference, Revision
from records.models.enquiries import Enquiry
from records.models.events import Event
from records.models.letters import Letter, Stage
from records.models.notes import NoteVerbale
from records.models.tools import Tool
from records.models.uploads import Upload
from states.models.generation import seen_in_public

__all__ = [
    "Arrival",
    "Document",
    "Enquiry",
    "Event",
    "Letter",
    "NoteVerbale",
    "Reference",
    "Revision",
    "Stage",
    "Tool",
    "Upload",
]

seen_in_public(Tool)
seen_in_public(Document, Upload, of="r.state_id")
seen_in_public(
    Revision,
    of="(SELECT d.state_id FROM records_document d WHERE d.id = r.document_id)",
    only="r.status <> 'draft'",
)
