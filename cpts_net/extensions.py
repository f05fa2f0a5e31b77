"""The Flask extensions, made here and bound to the application in ``app``."""

from flask import Response
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect


class Login(LoginManager):  # type: ignore[misc]
    """Sessions alone: there is no cookie that outlives them."""

    def _update_remember_cookie(self, response: Response) -> Response:
        # Looking for it would mark every answer, feeds too, as varying by cookie.
        return response


login_manager = Login()
csrf = CSRFProtect()
babel = Babel()
