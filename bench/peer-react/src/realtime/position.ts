/** Which events have been applied: everything up to `seq`, and some beyond a hole. */
export class Position {
  epoch: string | undefined;
  seq = 0;
  private beyond = new Set<number>();

  /** Whether the event is new. */
  take(seq: number): boolean {
    if (seq <= this.seq || this.beyond.has(seq)) return false;
    if (seq !== this.seq + 1) {
      this.beyond.add(seq);
      return true;
    }
    this.seq = seq;
    while (this.beyond.size > 0 && this.beyond.delete(this.seq + 1)) this.seq += 1;
    return true;
  }

  get hasHole(): boolean {
    return this.beyond.size > 0;
  }

  startAt(epoch: string | undefined, seq: number) {
    this.epoch = epoch;
    this.seq = seq;
    this.beyond.clear();
  }
}
