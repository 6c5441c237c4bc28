from typing import Any

app_name = "learner"

urlpatterns: list[Any] = []
