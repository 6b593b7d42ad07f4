// What the customer's API answers, as its schemas say.
import type { Moment } from "../moments.ts";

export interface HomeDevice {
  id: string;
  model: string;
  state: "excellent" | "good" | "fair" | "poor" | "unknown";
  state_text: string;
  last_contact_at: Moment;
  online: boolean;
  /** What checks find in what the router told last, the worst first. */
  noticed: Noticed[];
}

export interface Noticed {
  workflow: string;
  text: string;
}

export interface Symptom {
  workflow: string;
  title: string;
  text: string;
  icon: string;
}

export interface HomeConversation {
  id: string;
  title: string;
  state: "open" | "escalated" | "ended" | string;
  updated_at: Moment;
}

export interface Home {
  customer: { id: string; first_name: string; last_name: string; locale: string };
  devices: HomeDevice[];
  conversations: HomeConversation[];
  fixes: { text: string; at: Moment }[];
  symptoms: Symptom[];
}

export interface DemoAccounts {
  tenant: string;
  customers: DemoCustomer[];
  staff: { login: string; password: string; role: string; name: string }[];
}

export interface DemoCustomer {
  phone: string;
  name: string;
  story: string;
  title: string;
  locale: string;
  device: string;
}

export interface DemoCodes {
  codes: { phone: string; code: string }[];
}
