"""Dashboards as code: `python -m deploy.grafana` writes their JSON beside this file."""
