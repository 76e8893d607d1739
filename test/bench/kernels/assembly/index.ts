export { run as allocation } from "./allocation";
export { run as calls } from "./calls";
export { run as jsonScan } from "./json-scan";
export { run as nBody } from "./n-body";
export { run as sha256 } from "./sha256";
export { run as simd } from "./simd";
export { run as sort } from "./sort";
export { run as strings } from "./strings";
