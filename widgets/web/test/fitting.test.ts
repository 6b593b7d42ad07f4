// Which workflow does a thing on the page of a router is known by what it asks for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { entry, fits, taking, writing } from "../src/devices/fitting.ts";
import { may } from "../src/devices/may.ts";
import type { Operation, OperationInput, StoredFile } from "../src/wire/device.ts";

function asks(name: string, type: string, accept = ""): OperationInput {
  return { name, type, label: name, default: null, required: true, options: [], min: null, max: null, accept };
}

function operation(workflow: string, writes: boolean, ...inputs: OperationInput[]): Operation {
  return { workflow, title: workflow, text: "", group: "other", writes, disrupts_s: 0, inputs, available: true, why: "" };
}

const OPERATIONS = [
  operation("refresh", false, asks("path", "path")),
  operation("set-value", true, asks("where", "path"), asks("what", "value"), asks("type", "string")),
  operation("add-object", true, asks("where", "path")),
  operation("delete-object", true, asks("where", "path")),
  operation("install", true, asks("image", "file", "firmware")),
  operation("restore", true, asks("backup", "file", "configuration other")),
];

test("writing a value fills in the path, the value and the type by kind, not by name", () => {
  const wanted = writing(OPERATIONS, "Device.X", "1", "xsd:int");
  assert.equal(wanted?.operation.workflow, "set-value");
  assert.deepEqual(wanted?.inputs, { where: "Device.X", what: "1", type: "int" });
  assert.equal(writing(OPERATIONS.slice(0, 1), "Device.X", "1", ""), null);
});

test("entries are added and deleted by the workflow of that name", () => {
  assert.equal(entry(OPERATIONS, "add", "Device.T.")?.operation.workflow, "add-object");
  assert.deepEqual(entry(OPERATIONS, "delete", "Device.T.1.")?.inputs, { where: "Device.T.1." });
});

test("a file goes where its kind is taken", () => {
  assert.deepEqual(taking(OPERATIONS, "firmware", "f1"), { operation: OPERATIONS[4], inputs: { image: "f1" } });
  assert.equal(taking(OPERATIONS, "configuration", "f2")?.operation.workflow, "restore");
  assert.equal(taking(OPERATIONS, "log", "f3"), null);
});

test("roles are offered what they may do", () => {
  assert.ok(may("supervisor", "reveal"));
  assert.ok(!may("operator", "reveal"));
  assert.ok(!may("agent", "browse"));
  assert.ok(!may(undefined, "operate"));
});

test("an image is for the models it names, whole, and for the hardware if it says so", () => {
  const router = { model: "HomeRouter AX6", product_class: "HR6", hardware_version: "B2" };
  const image = (...models: string[]) => ({ models }) as StoredFile;
  assert.ok(fits(image("HR6"), router));
  assert.ok(fits(image("Other", "HomeRouter AX6@B2"), router));
  assert.ok(!fits(image("HomeRouter AX6@B1"), router));
  assert.ok(!fits(image("HomeRouter"), router));
  assert.ok(!fits(image(), router));
});
