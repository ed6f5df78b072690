"""Where things stand in a checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMPS = VENV / ".jidi"
LOG = VENV / "setup.log"
PINS = ROOT / "requirements"
FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
ASSETS = ROOT / "web" / "assets"
MANIFEST = ASSETS / "manifest.json"
FONTS = ROOT / "bases" / "documents" / "fonts"


def program(name: str) -> str:
    """Give the path of a program in the environment."""
    return str(BIN / (f"{name}.exe" if os.name == "nt" else name))
