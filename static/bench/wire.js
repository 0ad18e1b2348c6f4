/**
 * Looks like a WebSocket to the stream; the server behind it is a worker of this page.
 */

export class Wire {
  /** @param {{worker:string,size:{nodes:number,edges:number},moves:number}} options moves: dots in a batch */
  constructor({worker, size, moves}) {
    this.readyState = 0;
    this.options = {size, moves};
    this.worker = new Worker(worker, {type: "module"});
    /** @type {((texts:string[])=>void)|null} who asked for frames */
    this.asked = null;
    this.worker.onmessage = ({data}) => this.arrive(data);
    setTimeout(() => {
      this.readyState = 1;
      this.onopen();
    });
  }

  /** @param {string} text */
  send(text) {
    if (JSON.parse(text).t === "hello") this.worker.postMessage({op: "begin", ...this.options});
  }

  close() {
    this.worker.terminate();
  }

  /** Take so many batches at once, and none meanwhile. @param {number} count @returns {Promise<string[]>} */
  take(count) {
    return new Promise((resolve) => {
      this.asked = resolve;
      this.worker.postMessage({op: "give", count});
    });
  }

  /** Twenty batches a second again. */
  play() {
    this.asked = null;
    this.worker.postMessage({op: "play"});
  }

  arrive(texts) {
    if (this.asked && texts.length > 1) return this.asked(texts);
    for (const data of texts) this.onmessage({data});
  }
}
