"""Models from public registries: manifest, download, checksum, conversion, cache."""

from exoactor_rt.assets.install import pull
from exoactor_rt.assets.store import ModelStatus, list_models, model_path, verify
from exoactor_rt.cache_folder import models_folder

__all__ = ["ModelStatus", "list_models", "model_path", "models_folder", "pull", "verify"]
