//! The firm's customers and projects, as far as RIVET's bridge has met them: their ids with the names that people know.

import { read } from "./api.js";
import { projectName } from "./parts.js";

/** Returns the names of customers and of projects, by id. */
export async function knownParties() {
  const [schedule, recent] = await Promise.all([read("retainage").catch(() => ({ customers: [] })), read("activity?limit=100").catch(() => ({ activity: [] }))]);
  const billed = schedule.customers.flatMap(({ projects }) => projects.map(({ project }) => project));
  const projects = [...billed, ...recent.activity.map(({ project }) => project)].filter(Boolean);
  return {
    customers: new Map(schedule.customers.map(({ customer }) => [customer.id, customer.name])),
    projects: new Map(projects.map((project) => [project.id, projectName(project)])),
  };
}
