"""The VEN and the twin's VTN before others: a library we did not write, and a server that lies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import openadr3
import pytest
from aiohttp import web

from tests.links.venues import CLIENTS, NOW, event, scene
from zeroplant.links.openadr import Usage, Ven


async def library(url: str, client: str, act: Callable[[openadr3.OpenADRClient], Any]) -> Any:
    """Act as a client of the `openadr3` library, which is synchronous."""

    def run() -> Any:
        secret = CLIENTS[client][0]
        token = openadr3.fetch_token(url, client, secret)
        with openadr3.OpenADRClient(url, token) as other:
            return act(other)

    return await asyncio.to_thread(run)


def test_the_secret_goes_nowhere_that_was_not_named() -> None:
    """Neither where the server's answer points to, nor where a redirection does."""
    heard: list[str] = []

    async def run() -> None:
        async def take(request: web.Request) -> web.Response:
            heard.append((await request.post()).get("client_secret", ""))  # type: ignore[arg-type]
            return web.json_response({"access_token": "other"})

        other = web.Application()
        other.router.add_post("/token", take)
        runner = web.AppRunner(other)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        elsewhere = f"http://127.0.0.1:{runner.addresses[0][1]}/token"

        async def server(_: web.Request) -> web.Response:
            return web.json_response({"tokenURL": elsewhere})

        async def moved(_: web.Request) -> web.Response:
            raise web.HTTPTemporaryRedirect(elsewhere)

        for token_url, wrong in (("", "name it as 'token_url'"), ("/moved", "307, no JSON")):
            app = web.Application()
            app.router.add_get("/auth/server", server)
            app.router.add_post("/moved", moved)
            front = web.AppRunner(app)
            await front.setup()
            await web.TCPSite(front, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{front.addresses[0][1]}"
            ven = Ven(url, "plant", "plant-secret", on_signal=print,
                      token_url=url + token_url if token_url else "")  # fmt: skip
            with pytest.raises(OSError, match=wrong):
                await ven.poll()
            await ven.close()
            await front.cleanup()
        assert heard == []
        ven = Ven(url, "plant", "plant-secret", on_signal=print, token_url=elsewhere)
        assert await ven._log_in() == "other"
        await ven.close()
        await runner.cleanup()

    asyncio.run(run())
    assert heard == ["plant-secret"]


def test_a_client_we_did_not_write_on_both_sides() -> None:
    """It makes a program and an event on our server, and reads our report as it was sent."""

    async def run() -> None:
        async with scene() as (made, ven):

            def make(grid: openadr3.OpenADRClient) -> Mapping[str, Any]:
                program = grid.create_program({"programName": "peak"}).json()
                said = event(program["id"], 1500.0, reportDescriptors=[{"payloadType": "USAGE"}])
                made_event = grid.create_event({k: v for k, v in said.items() if k != "id"})
                assert made_event.status_code == 201
                (read,) = grid.events(programID=program["id"])
                assert read.intervals[0].payloads[0].values == [1500.0]
                return dict(made_event.json())

            created = await library(made.vtn.url, "grid", make)
            await ven.poll()
            (signal,) = made.said
            assert (signal.event, signal.reports) == (created["id"], ("USAGE",))
            await ven.report(signal, [Usage("plant", NOW, timedelta(minutes=15), [1.5, 1.25])])

            def read(grid: openadr3.OpenADRClient) -> None:
                (report,) = grid.reports(eventID=created["id"])
                assert report.resources[0].intervals[1].payloads[0].values == [1250.0]

            await library(made.vtn.url, "grid", read)

            def forbidden(plant: openadr3.OpenADRClient) -> int:
                return int(plant.create_event({"programID": "x", "intervals": []}).status_code)

            assert await library(made.vtn.url, "plant", forbidden) == 403

    asyncio.run(run())
