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
export const vlanNotSpecified = () => refuse('EINVAL', '8021q: VLAN properties not specified')
export const vlanIdMissing = () => refuse('EINVAL', '8021q: VLAN id not specified')
export const vlanIdInvalid = () => refuse('ERANGE', '8021q: Invalid VLAN id')
export const vlanLinkMissing = () => refuse('EINVAL', '8021q: link not specified')
export const vlanLinkUnknown = () => refuse('ENODEV', '8021q: link does not exist')
export const vlanExists = () => refuse('EEXIST', '8021q: VLAN device already exists')
export const vlanUnsupported = () => refuse('EOPNOTSUPP', '8021q: VLANs not supported on device')
export const vxlanNotSpecified = () =>
  refuse('EINVAL', 'Not enough attributes provided to perform the operation')
export const vxlanIdInvalid = () => refuse('ERANGE', 'VXLAN ID must be lower than 16777216')
export const vxlanExists = () => refuse('EEXIST', 'A VXLAN device with the specified VNI already exists')
export const ipvlanAddressBusy = () => refuse('EADDRINUSE', 'Address already assigned to an ipvlan device')
