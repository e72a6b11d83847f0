/** Sequence numbers modulo 2³². RFC 9293 §3.4. */

export function advance(sequence: number, by: number): number {
  return (sequence + by) >>> 0
}

/** How far `x` is ahead of `y`; negative if it is behind. */
export function distance(x: number, y: number): number {
  return (x - y) | 0
}

/** Bytes of sequence space a segment takes: SYN and FIN count as one each. */
export function segmentLength(segment: {
  readonly flags: { readonly syn: boolean; readonly fin: boolean }
  readonly data: Uint8Array
}): number {
  return segment.data.length + (segment.flags.syn ? 1 : 0) + (segment.flags.fin ? 1 : 0)
}
