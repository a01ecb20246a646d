"""The role that shadows stand on: it reads all data and has no right to write any."""


async def ensure(url: str) -> str:
    """The database's address for a role that can only read; made, or given a new password.

    Raises Conflict, with the two lines for a DBA, where the operator's role may not make roles.
    """
    raise NotImplementedError
