// Many readers of one stream. Its one argument is JSON: { url, body, readers, events }. It measures from the first byte after
// all readers are there to the end of the last one. One of them is read in full: it must have so many events behind its first.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { openRawReaders } from './raw-readers.mjs';

const { url, body, readers: count, events } = JSON.parse(process.argv[2]);
let watched;
const text = [];
let ready = false;
let begin;
const readers = await openRawReaders({
  url,
  body,
  count,
  onData(reader, piece) {
    watched ??= reader;
    if (reader === watched) text.push(piece.latin1Slice());
    if (ready) begin ??= performance.now();
  },
});
const before = readers.map(({ bytes }) => bytes);
ready = true;
const cpuBefore = process.cpuUsage();
await Promise.all(readers.map(({ ended }) => ended));
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);

// All had the same, wherever in a piece one frame ends: that of HTTP's chunks aside, which may be cut otherwise for each.
const ids = [...text.join('').matchAll(/^id: (\d+)\r?$/gm)].map(([, id]) => Number(id));
// The first is the Task, perhaps before it was `working`.
assert.ok(ids.length === events + 1 || ids.length === events + 2, `${ids.length} events were read in full`);
ids.forEach((id, index) => assert.equal(id, ids[0] + index, 'an event is missing or repeated'));
const bytes = readers.map((reader, index) => reader.bytes - before[index]);
const [least, greatest] = [Math.min(...bytes), Math.max(...bytes)];
// One reader may have had `working` within its Task, another as an event behind it.
const tolerance = Math.max(greatest / 20, (2 * greatest) / events);
assert.ok(greatest - least < tolerance, `readers had ${least} to ${greatest} bytes: the stream began too early`);
console.log(
  JSON.stringify({ perSecond: (count * events) / seconds, seconds, cpuMicros: user + system, bytes: greatest }),
);
