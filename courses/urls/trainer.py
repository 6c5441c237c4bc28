from typing import Any

app_name = "trainer"

urlpatterns: list[Any] = []
