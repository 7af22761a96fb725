"""JSON objects, as descriptors and manifests are."""

from typing import Any

Json = dict[str, Any]
