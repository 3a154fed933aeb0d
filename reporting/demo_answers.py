"""What the fictional States answer in their forms: invented, and marked so wherever it is read."""

from typing import Any

type Said = dict[str, dict[str, Any]]


def of_arvalia(year: int) -> Said:
    """A State that destroys a stockpile and clears land, further on each year."""
    left = max(0, 2030 - year)
    return {
        "measures": {
            "measures": [
                {
                    "id": "law00001",
                    "kind": "law",
                    "title": "Act on Cluster Munitions",
                    "citation": "Official Gazette of Arvalia, No. 45",
                    "effective_on": "2011-03-01",
                    "penal": True,
                },
                {
                    "id": "dir00001",
                    "kind": "directive",
                    "title": "Directive to the armed forces on operations with States not party",
                    "penal": False,
                },
            ]
        },
        "stockpiles": {
            "stock": [
                {
                    "id": "stock001",
                    "type": "AV-12",
                    "quantity": 400 * left,
                    "submunition": "AV-12/s",
                    "submunitions": 400 * 147 * left,
                },
                {"id": "stock002", "type": "AV-30", "quantity": 60 * left},
            ],
            "programme": "Destruction goes on at one site, by disassembly and closed burning.",
            "sites": [
                {
                    "id": "site0001",
                    "site": "Northern depot",
                    "method": "Disassembly, closed burning",
                    "safety": "National standard 7, inspected twice a year",
                    "environment": "Smoke is filtered; metal is recycled",
                }
            ],
            "destroyed": [
                {
                    "id": "destr001",
                    "type": "AV-12",
                    "quantity": 400,
                    "submunition": "AV-12/s",
                    "submunitions": 58_800,
                    "site": "Northern depot",
                    "method": "Disassembly, closed burning",
                },
                {
                    "id": "destr002",
                    "type": "AV-30",
                    "quantity": 60,
                    "site": "Northern depot",
                    "method": "Disassembly",
                },
            ],
        },
        "technical-characteristics": {
            "types": [
                {
                    "id": "type0001",
                    "type": "AV-12",
                    "part": "munition",
                    "standing": "possessed",
                    "dimensions": "450 mm × 2,400 mm",
                    "fusing": "Mechanical, by time",
                },
                {
                    "id": "type0002",
                    "type": "AV-12/s",
                    "part": "submunition",
                    "standing": "possessed",
                    "dimensions": "68 mm × 100 mm",
                    "explosive": "Hexogen, 30 g",
                    "metal": "Steel, 210 g",
                },
            ]
        },
        "clearance": {
            "areas": [
                {
                    "id": "area0001",
                    "area": "Lower valley",
                    "position": {"latitude": 12.5, "longitude": 44.25},
                    "size": 250_000 * left,
                    "remnants": "AV-12/s",
                    "used": "1994",
                    "certainty": "confirmed",
                },
                {
                    "id": "area0002",
                    "area": "Railway embankment",
                    "size": 80_000,
                    "remnants": "unknown",
                    "certainty": "suspected",
                },
            ],
            "programme": "Three teams work from March to November; roads and schools come first.",
            "released": [
                {
                    "id": "rel00001",
                    "area": "Lower valley",
                    "size": 250_000,
                    "method": "clearance",
                    "remnants": "AV-12/s",
                    "destroyed": 112,
                }
            ],
        },
        "risk-education": {
            "warnings": "Signs in two languages stand around both areas.",
            "measures": [
                {
                    "id": "re000001",
                    "measure": "Lessons in the schools of the lower valley",
                    "reached": {"girls": 412, "boys": 398, "women": 31, "men": 22},
                }
            ],
        },
        "victim-assistance": {
            "victims": {"women": 12, "men": 41, "girls": 3, "boys": 9, "with-disability": 58},
            "needs": "All victims were visited; eleven wait for a prosthesis.",
            "plan": "Part of the national plan on disability, with a budget line of its own.",
        },
        "resources": {
            "national": [
                {
                    "id": "nat00001",
                    "article": "4",
                    "kind": "financial",
                    "amount": {"amount": 1_200_000, "currency": "USD"},
                    "description": "Three clearance teams",
                }
            ]
        },
    }


def of_calderra() -> Said:
    """A small State with little to say."""
    return {
        "measures": {
            "measures": [
                {
                    "id": "law00001",
                    "kind": "existing-law",
                    "title": "The penal code forbids the possession of weapons of war",
                    "penal": True,
                }
            ]
        }
    }
