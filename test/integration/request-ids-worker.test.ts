import { placeAll } from "../kit/placement.ts";

placeAll("worker");
await import("./request-ids.test.ts");
