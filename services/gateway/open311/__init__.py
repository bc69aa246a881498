"""Open311 GeoReport v2, so that clients of cities file here too: https://wiki.open311.org/GeoReport_v2.

A jurisdiction is a community. Every request needs one of its ``api_key``s; what they show is what
came in this way, nothing that residents reported themselves.
"""
