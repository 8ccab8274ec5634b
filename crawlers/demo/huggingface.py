"""Hugging Face's list of models, one model's page data, and its model card."""

from __future__ import annotations

import hashlib
from typing import Any

from crawlers.demo.addresses import html
from crawlers.demo.content import Post, Web

Json = dict[str, Any]


def name(post: Post) -> str:
    """Return the model's full name, its owner first."""
    return f"{post.place.handle}/{post.title}"


def model(post: Post) -> Json:
    """Return a model as /api/models lists it (https://huggingface.co/docs/hub/api)."""
    full = name(post)
    licence = next((tag.removeprefix("license:") for tag in post.tags if tag.startswith("license:")), None)
    return {
        "_id": hashlib.sha256(full.encode()).hexdigest()[:24], "id": full, "modelId": full,
        "author": post.place.handle, "sha": hashlib.sha1(full.encode(), usedforsecurity=False).hexdigest(),
        "lastModified": f"{post.edited_at or post.at:%Y-%m-%dT%H:%M:%S.000Z}",
        "createdAt": f"{post.at:%Y-%m-%dT%H:%M:%S.000Z}", "private": False, "gated": False,
        "disabled": False, "likes": post.score, "downloads": 40 * post.score, "tags": list(post.tags),
        "pipeline_tag": "text-generation", "library_name": "transformers",
        "cardData": {"license": licence, "language": ["en"]},
        "safetensors": {"parameters": {"BF16": post.parameters}, "total": post.parameters},
        "siblings": [{"rfilename": file} for file in (".gitattributes", "README.md", "model.safetensors")],
    }


def card(post: Post) -> str:
    """Return the model card, README.md with its YAML head."""
    licence = model(post)["cardData"]["license"]
    head = f"language: en\nlicense: {licence}\nlibrary_name: transformers\npipeline_tag: text-generation"
    return f"---\n{head}\n---\n\n{post.text}\n"


def page(post: Post, web: Web) -> str:
    """Return the model's web page."""
    head = f'<head><meta charset="utf-8"><title>{name(post)}</title></head>'
    body = f"<body><main>{html(post, web)}</main></body>"
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'
