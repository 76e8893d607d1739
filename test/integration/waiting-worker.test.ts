import { placeAll } from "../kit/placement.ts";

placeAll("worker");
await import("./waiting.test.ts");
