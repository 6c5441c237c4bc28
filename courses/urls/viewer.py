from typing import Any

app_name = "viewer"

urlpatterns: list[Any] = []
