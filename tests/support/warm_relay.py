"""A relay that has worked: `tests.support.forks` imports this where relays are forked.

What a relay works out when it says something for the first time, its statements above all, its forks have:
a quarter of what one of them costs in a test.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from sync.carriers.request_signer import RequestSigner
from sync.relay.service import Service
from sync.relay.settings import RelaySettings
from sync.relay.signature import Headers, Message
from sync.roster import encode_roster
from sync.rounds.exchange import RoundRequest, decode_answer, district_path, encode_list, encode_request
from tests.support.relay_district import COLLEAGUE, KEEPER, MANAGER, RelayDistrict, TalkingDevice
from tests.support.shared_statements import share_statements


def work() -> None:
    """Let a relay take rosters, and bring another what one device wrote."""
    share_statements()
    district = RelayDistrict()
    rosters = encode_list(map(encode_roster, district.rosters))
    with TemporaryDirectory() as folder:
        service = Service(RelaySettings(f"sqlite:///{Path(folder) / 'relay.sqlite'}"))
        service.put_rosters(_path(district), _message(service, district.devices[KEEPER], rosters))
        _exchange(service, district.devices[MANAGER], district.devices[COLLEAGUE])
        service.close()


def _exchange(service: Service, writer: TalkingDevice, reader: TalkingDevice) -> None:
    writer.open_channel(writer, reader)
    version = writer.district.roster.version
    brought = (
        (reader, RoundRequest(version, prekeys=(reader.prekey(),))),
        (writer, RoundRequest(version, envelopes=(writer.seal(),), grants=(writer.grant(reader),))),
        (writer, RoundRequest(version, envelopes=(writer.seal(),), own_inventory=True)),
        (reader, RoundRequest(version, acks=(reader.ack(writer),))),
    )
    for device, request in brought:
        answer = decode_answer(_round(service, device, request))
        _round(service, device, RoundRequest(version, cursor=answer.cursor))


def _round(service: Service, device: TalkingDevice, request: RoundRequest) -> bytes:
    return service.round(_path(device.district), _message(service, device, encode_request(request)))


def _message(service: Service, device: TalkingDevice, body: bytes) -> Message:
    request = httpx2.Request("POST", "http://127.0.0.1/", content=body)
    RequestSigner(str(device.index), device.key.sign).sign(request, body, service.nonce())
    lines = tuple((name.lower(), value) for name, value in request.headers.items())
    return Message(request.method, str(request.url), Headers(lines), body)


def _path(district: RelayDistrict) -> str:
    return district_path(district.roster.district)


work()
