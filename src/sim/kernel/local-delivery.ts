/** What the IP layer hands up after INPUT, in one place. */
export { tapFrame } from './packet-socket/tap.ts'
export { deliverRaw } from './raw/raw.ts'
export { deliverIcmpError } from './sockets/errors.ts'
export { deliverTcp } from './tcp/input.ts'
export { handleTcpTimer } from './tcp/timer.ts'
export { deliverUdp } from './udp/udp.ts'
