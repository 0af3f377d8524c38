import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStreamParser } from '../event-stream.js';
import { seeded } from './seeded.js';

const bytes = (text) => new TextEncoder().encode(text);

function read(...chunks) {
  const parser = new EventStreamParser();
  const events = chunks.flatMap((chunk) => parser.push(typeof chunk === 'string' ? bytes(chunk) : chunk));
  return { events, retry: parser.retry };
}

const message = (data, type = 'message') => ({ type, data });

test('an event has the type and the data that were told', () => {
  assert.deepEqual(read('event:token\ndata:{"a":1}\n\n').events, [message('{"a":1}', 'token')]);
});

test('an event without a type is a message, whatever came before it', () => {
  assert.deepEqual(read('event: a\ndata: 1\n\ndata: 2\n\n').events, [message('1', 'a'), message('2')]);
});

test('of the spaces after the colon one is left out', () => {
  assert.deepEqual(read('data:  x\n\ndata:y\n\n').events, [message(' x'), message('y')]);
});

test('several lines of data are one event of several lines', () => {
  assert.deepEqual(read('data: a\ndata:\ndata: b\n\n').events, [message('a\n\nb')]);
});

test('a field without a colon is empty', () => {
  assert.deepEqual(read('data\n\n', 'data\ndata\n\n').events, [message(''), message('\n')]);
});

test('what has no data is no event, and leaves no type behind', () => {
  assert.deepEqual(read('event: a\n\ndata: 1\n\n').events, [message('1')]);
});

test('comments and unknown fields are passed over', () => {
  assert.deepEqual(read(': heartbeat\n\nid: 7\nother: x\ndata: 1\n: y\n\n').events, [message('1')]);
});

test('retry is what was told last in digits alone', () => {
  assert.equal(read('retry: 2000\n').retry, 2000);
  assert.equal(read('retry:2000\nretry: 3s\nretry: -1\nretry\n').retry, 2000);
  assert.equal(read('data: 1\n\n').retry, undefined);
});

test('a byte order mark is left out at the begin and nowhere else', () => {
  assert.deepEqual(read('\ufeffdata: 1\n\n\ufeffdata: 2\n\n').events, [message('1')]);
  assert.deepEqual(read('data: \ufeff\n\n').events, [message('\ufeff')]);
});

test('an event that is not complete is not told', () => {
  assert.deepEqual(read('data: 1\n\ndata: 2\n').events, [message('1')]);
});

test('a line has ended with its carriage return, whether or not a line feed follows', () => {
  assert.deepEqual(read('data: 1\r\r').events, [message('1')]);
  assert.deepEqual(read('data: 1\r', '\ndata: 2\r', '\n\r', '\n').events, [message('1\n2')]);
  assert.deepEqual(read('data: 1\r', '\r').events, [message('1')]);
});

test('what comes in a piece of its own between a carriage return and its line feed changes nothing', () => {
  assert.deepEqual(read('data: 1\r', '', '\ndata: 2\r\n\r\n').events, [message('1\n2')]);
});

test('wherever the bytes are cut, the events are the same', () => {
  const lines = [
    'retry: 1500', ': open', '', 'event: token', 'data: {"token":"ä€😀"}', '', 'data: a', 'data:', 'data: b', '',
    'event: none', '', ': heartbeat', '', 'data', '', 'event:deleted', 'data: {}', '',
  ];
  const random = seeded();
  for (const end of ['\n', '\r\n', '\r', undefined]) {
    const ends = ['\n', '\r\n', '\r'];
    const text = lines.map((line) => line + (end ?? ends[Math.floor(random() * 3)])).join('');
    const whole = bytes('\ufeff' + text);
    const expected = read(whole).events;
    if (end !== undefined) {
      assert.equal(expected.length, 4);
    }
    for (let at = 0; at <= whole.length; at++) {
      assert.deepEqual(read(whole.slice(0, at), whole.slice(at)).events, expected, `cut at ${at}`);
    }
    assert.deepEqual(read(...Array.from(whole, (one) => Uint8Array.of(one))).events, expected);
    for (let round = 0; round < 200; round++) {
      const chunks = [];
      for (let at = 0; at < whole.length; ) {
        const next = at + Math.floor(random() * 9);
        chunks.push(whole.slice(at, next));
        at = next;
      }
      assert.deepEqual(read(...chunks).events, expected);
    }
  }
});

test('an event too long is an error, and many short ones are none', () => {
  const parser = new EventStreamParser();
  const half = bytes('data: ' + 'x'.repeat(600_000) + '\n');
  for (let i = 0; i < 4; i++) {
    parser.push(half);
    parser.push(bytes('\n'));
  }
  parser.push(half);
  assert.throws(() => parser.push(half), RangeError);
});
