from typing import Any

app_name = "administrator"

urlpatterns: list[Any] = []
