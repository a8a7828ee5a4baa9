from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OfficeConfig(AppConfig):
    name = "office"
    verbose_name = "流转与公文"

    def ready(self) -> None:
        """Find every app's flows, then what it shows of them."""
        autodiscover_modules("flows")
        autodiscover_modules("pages")
