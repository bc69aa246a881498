from __future__ import annotations

from typing import Any

from services.gateway.work.route import by_building


def order(
    building: str, door: str, submitted_at: str = "2026-03-01", number: int = 1
) -> dict[str, Any]:
    return {
        "community_name": "湖畔花园",
        "building_name": building,
        "door": door,
        "submitted_at": submitted_at,
        "number": number,
    }


def test_the_way_goes_building_by_building_and_door_by_door_as_people_count() -> None:
    stops = by_building(
        [
            order("10号楼", "10-101"),
            order("2号楼", "2-1001"),
            order("", ""),
            order("2号楼", "2-901"),
            order("2号楼", ""),
        ]
    )
    assert [(stop.where, [one["door"] for one in stop.orders]) for stop in stops] == [
        ("湖畔花园", [""]),
        ("2号楼", ["", "2-901", "2-1001"]),
        ("10号楼", ["10-101"]),
    ]


def test_at_one_door_the_oldest_comes_first() -> None:
    (stop,) = by_building(
        [order("1", "1-1", "2026-03-02", number=2), order("1", "1-1", "2026-03-01", number=1)]
    )
    assert [one["number"] for one in stop.orders] == [1, 2]
