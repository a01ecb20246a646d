"""Whether a part on this machine is ready, for what can only run a command: an image's health.

`python -m deploy.ops.probe [PORT …]`: 0 where one of the ports says that it is, else 1 and why not.
"""

import http.client
import sys

PORTS = (9000, 9001, 9002)
"""The internal ports of API, web app and worker; a container has one of them."""
SECONDS = 4.0


def complaint(ports: tuple[int, ...]) -> str | None:
    """What is wrong with the part that listens; None where nothing is."""
    for port in ports:
        server = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        try:
            server.request("GET", "/readyz")
            answer = server.getresponse()
            said = answer.read().decode(errors="replace")
        except ConnectionRefusedError:
            continue
        except (OSError, http.client.HTTPException) as problem:
            return f"Port {port}: {problem or type(problem).__name__}."
        finally:
            server.close()
        return None if answer.status == http.HTTPStatus.OK else said
    return f"Nothing listens on {' or '.join(map(str, ports))}."


if __name__ == "__main__":
    problem = complaint(tuple(map(int, sys.argv[1:])) or PORTS)
    sys.exit(problem)
