/**
 * How rtnetlink refuses: an errno, and where the kernel gives one, its sentence (extended acknowledgement) as `detail`.
 * `ip` prints `Error: DETAIL.` where there is a detail and `RTNETLINK answers: …` where there is none.
 */
import { refuse } from '../../base/result.ts'

export const gatewayUnreachable = () => refuse('ENETUNREACH', 'Nexthop has invalid gateway')
export const gatewayInvalid = () => refuse('EINVAL', 'Nexthop has invalid gateway')
export const nexthopDeviceDown = () => refuse('ENETDOWN', 'Device for nexthop is not up')
export const invalidPrefix = () => refuse('EINVAL', 'Invalid prefix for given prefix length')
export const invalidSource = () => refuse('EINVAL', 'Invalid prefsrc address')
export const unknownTable = () => refuse('ENOENT', 'ipv4: FIB table does not exist')
export const addressAssigned = () => refuse('EEXIST', 'ipv4: Address already assigned')
export const addressNotFound = () => refuse('EADDRNOTAVAIL', 'ipv4: Address not found')
export const invalidScope = () => refuse('EINVAL', 'ipv4: Invalid scope value')
export const unknownKind = () => refuse('EOPNOTSUPP', 'Unknown device type')
export const policyFailed = () => refuse('ERANGE', 'Attribute failed policy validation')
export const immutableNetns = () => refuse('EINVAL', 'The interface netns is immutable')
export const bridgeInBridge = () => refuse('ELOOP', 'Can not enslave a bridge to a bridge')
export const mtuTooSmall = () => refuse('EINVAL', 'mtu less than device minimum')
export const mtuTooLarge = () => refuse('EINVAL', 'mtu greater than device maximum')
