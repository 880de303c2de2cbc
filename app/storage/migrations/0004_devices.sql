-- A suspended device's envelopes count as far as the roster says, which their chain must show.
CREATE INDEX parcel_place ON parcel (device, session, channel, n) WHERE n IS NOT NULL;
