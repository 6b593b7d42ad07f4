// Which of the workflows that can be run on a router does a thing, known by what it asks for. Pure.
import type { DeviceDetail, Operation, OperationInput, StoredFile } from "../wire/device.ts";

/** A workflow to run, with what is filled in already. */
export interface Wanted {
  operation: Operation;
  inputs: Record<string, unknown>;
}

function input(one: Operation, type: string): OperationInput | undefined {
  return one.inputs.find((each) => each.type === type);
}

/** Writes one value of one parameter: the workflow that asks for a path and a value. */
export function writing(operations: readonly Operation[], path: string, value: string, type: string): Wanted | null {
  const found = operations.find((one) => one.writes && input(one, "path") && input(one, "value"));
  if (!found) return null;
  const inputs: Record<string, unknown> = { [input(found, "path")!.name]: path, [input(found, "value")!.name]: value };
  if (found.inputs.some((each) => each.name === "type")) inputs["type"] = type.replace(/^xsd:/, "");
  return { operation: found, inputs };
}

/** Adds to a table or deletes one of its entries: asks for a path alone, and its name says which. */
export function entry(operations: readonly Operation[], deed: "add" | "delete", path: string): Wanted | null {
  const found = operations.find((one) => one.writes && one.inputs.length === 1 && input(one, "path") && one.workflow.split("-").includes(deed));
  return found ? { operation: found, inputs: { [input(found, "path")!.name]: path } } : null;
}

/** Takes a file of a kind: firmware to install, a configuration to restore. */
export function taking(operations: readonly Operation[], kind: string, file: string): Wanted | null {
  const found = operations.find((one) => one.inputs.some((each) => each.type === "file" && each.accept.split(/[\s,]+/).includes(kind)));
  const asked = found?.inputs.find((each) => each.type === "file");
  return found && asked ? { operation: found, inputs: { [asked.name]: file } } : null;
}

/** Whether an image is for a router: its models name this one whole, maybe with the hardware ("Model@B2"). */
export function fits(file: StoredFile, router: Pick<DeviceDetail, "model" | "product_class" | "hardware_version">): boolean {
  const names = [router.model, router.product_class].filter(Boolean);
  return names.some((name) => file.models.includes(name) || (router.hardware_version !== "" && file.models.includes(`${name}@${router.hardware_version}`)));
}
