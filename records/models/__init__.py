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
# The receipt of a report that waits for its day is the State's alone.
seen_in_public(Document, of="r.state_id", only="r.audience = 'public'")
# A file is public through a row that names it, which moves the generation itself; nothing names one
# that was just received. What the antivirus says later may stand on a page.
seen_in_public(Upload, of="r.state_id", new="false")
OF_PUBLIC = "FROM records_document d WHERE d.id = r.document_id AND d.audience = 'public'"
seen_in_public(
    Revision,
    of=f"(SELECT d.state_id {OF_PUBLIC})",
    only=f"r.status <> 'draft' AND EXISTS (SELECT 1 {OF_PUBLIC})",
)
