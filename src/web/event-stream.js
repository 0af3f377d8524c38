/** Text that belongs to one event; more than any event of the broker ever has. */
const LONGEST = 1024 * 1024;

/**
 * Reads server-sent events out of bytes, wherever those are cut: HTML, section 9.2. Ids are left out, as the stream of
 * tokens has none.
 */
export class EventStreamParser {
  #decoder = new TextDecoder(); // leaves a byte order mark out
  #line = '';
  #afterReturn = false;
  #length = 0;
  #type = '';
  #data = '';

  /** Milliseconds, as the stream told last; undefined until it does. */
  retry = undefined;

  /**
   * @param {Uint8Array} bytes the next ones
   * @returns {{type: string, data: string}[]} the events that are complete now
   */
  push(bytes) {
    let text = this.#decoder.decode(bytes, { stream: true });
    const events = [];
    if (text === '') {
      return events;
    }
    if (this.#afterReturn && text.startsWith('\n')) {
      text = text.slice(1); // the second half of a line end whose first has ended the line already
    }
    this.#afterReturn = text.endsWith('\r');
    this.#length += text.length;
    const lines = text.split(/\r\n|\r|\n/);
    lines[0] = this.#line + lines[0];
    this.#line = lines.pop();
    for (const line of lines) {
      if (line === '') {
        this.#complete(events);
      } else {
        this.#field(line);
      }
    }
    if (this.#length > LONGEST) {
      throw new RangeError('an event of the stream is too long');
    }
    return events;
  }

  #complete(events) {
    if (this.#data !== '') {
      events.push({ type: this.#type || 'message', data: this.#data.slice(0, -1) });
    }
    this.#type = '';
    this.#data = '';
    this.#length = this.#line.length;
  }

  #field(line) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') {
      this.#data += value + '\n';
    } else if (name === 'event') {
      this.#type = value;
    } else if (name === 'retry' && /^[0-9]+$/.test(value)) {
      this.retry = Number(value);
    }
  }
}
