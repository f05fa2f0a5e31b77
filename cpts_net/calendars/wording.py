"""The sentences of mails about meetings, the same in plain text and in HTML."""

from flask_babel import gettext as _

from cpts_net.calendars.news import News
from cpts_net.meetings.models import Answer


def opening(news: News) -> str:
    """What happened; the meeting follows."""
    words = {
        News.FIXED: _("La date est fixée, on vous attend à cette réunion :"),
        News.INVITED: _("On vous attend à cette réunion :"),
        News.AGAIN: _("On vous attend de nouveau à cette réunion :"),
        News.MOVED: _("Cette réunion est déplacée. La voici telle qu’elle aura lieu :"),
        News.CHANGED: _("Cette réunion a changé. La voici telle qu’elle aura lieu :"),
        News.CANCELLED: _("Cette réunion n’aura pas lieu :"),
        # Without the name of a group: of a private one they may not know any more.
        News.WITHDRAWN: _("On ne vous attend plus à cette réunion :"),
    }
    return str(words[news])


def subject(news: News, title: str, moment: str) -> str:
    """What happened to which meeting, in a line."""
    words = {
        News.FIXED: _("Date fixée\u202f: %(title)s, %(moment)s", title=title, moment=moment),
        News.INVITED: _("Réunion\u202f: %(title)s, %(moment)s", title=title, moment=moment),
        News.AGAIN: _("On vous attend de nouveau\u202f: %(title)s, %(moment)s", title=title, moment=moment),
        News.MOVED: _("Réunion déplacée : %(title)s, %(moment)s", title=title, moment=moment),
        News.CHANGED: _("Réunion modifiée\u202f: %(title)s, %(moment)s", title=title, moment=moment),
        News.CANCELLED: _("Réunion annulée\u202f: %(title)s, %(moment)s", title=title, moment=moment),
        News.WITHDRAWN: _("On ne vous attend plus\u202f: %(title)s, %(moment)s", title=title, moment=moment),
    }
    return str(words[news])


def asking(answer: str | None) -> str:
    """What the answers in a mail are for; whoever answered already, in a poll or on the page, is not asked anew."""
    words = {
        Answer.YES: _("Vous avez répondu oui. Pour changer, sans mot de passe :"),
        Answer.IF_NEED_BE: _("Vous avez répondu peut-être. Pour préciser, sans mot de passe :"),
        Answer.NO: _("Vous avez répondu non. Pour changer, sans mot de passe :"),
    }
    return str(words[Answer(answer)] if answer else _("Viendrez-vous ? Répondez ici, sans mot de passe :"))


def answers() -> dict[Answer, str]:
    """What one may answer, the best first."""
    return {Answer.YES: str(_("Oui")), Answer.IF_NEED_BE: str(_("Peut-être")), Answer.NO: str(_("Non"))}


def where_answers_count(author: str, contact: str) -> str:
    """Where an answer is recorded, and where one to the mail itself would go: to its author’s address, if they show one."""
    if author and contact:
        return str(
            _(
                "Seuls ces liens, ou le site, enregistrent votre réponse, et non le bouton de votre messagerie. "
                "Ce que vous répondez à ce message arrive à %(author)s et à %(contact)s.",
                author=author,
                contact=contact,
            )
        )
    if author:
        return str(
            _(
                "Seuls ces liens, ou le site, enregistrent votre réponse, et non le bouton de votre messagerie. "
                "Ce que vous répondez à ce message arrive à %(author)s.",
                author=author,
            )
        )
    if contact:
        return str(
            _(
                "Seuls ces liens, ou le site, enregistrent votre réponse. Ce que vous répondez à ce message, "
                "ou par le bouton de votre messagerie, arrive à %(contact)s.",
                contact=contact,
            )
        )
    return str(
        _("Seuls ces liens, ou le site, enregistrent votre réponse : personne ne lit ce que l’on répond à ce message.")
    )
