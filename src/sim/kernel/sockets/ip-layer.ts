/** What sockets ask of the IP layer, in one place. */
export { lookupRoute } from '../ip/fib.ts'
export { sendIpv4 } from '../ip/output.ts'
