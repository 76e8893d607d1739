import { ENGINES } from "../kit/database-engines.ts";
import { databaseConformance } from "./databases.ts";

for (const engine of ENGINES) {
  databaseConformance("Rust", "conformance-rust", engine);
  databaseConformance("AssemblyScript", "conformance-as", engine);
}
