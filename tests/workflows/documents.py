"""Small documents that tests read: a library of a few steps, with one part replaced."""

from __future__ import annotations

from workflows.reader import Library, read_sources

SETTINGS = """<settings>
  <setting name="a" type="boolean">
    <path model="tr181">Device.A</path>
    <path model="tr098">InternetGatewayDevice.A</path>
  </setting>
  <setting name="n" type="int" xsd="xsd:int"><path model="tr181">Device.T.{i}.N</path></setting>
  <setting name="s" type="string"><path model="tr181">Device.T.{i}.S</path></setting>
</settings>"""

CHECK = """<step-template name="check" kind="offline" max-age="60">
  <title lang="en">Check</title>
  <title lang="pl">Sprawdzenie</title>
  <meaning code="off">
    <text lang="en">It is off ({n}).</text><text lang="pl">Jest wyłączone ({n}).</text>
  </meaning>
  <meaning code="on"><text lang="en">It is on.</text><text lang="pl">Jest włączone.</text></meaning>
  <config>
    <if expr="${sv('a')}">
      <finding code="on" severity="INFO"/>
      <else>
        <finding code="off" severity="WARN"><reading name="n" value="${sv('n')}" unit="s"/></finding>
      </else>
    </if>
  </config>
</step-template>"""

REPAIR = """<step-template name="repair" kind="online" writes="true" max-age="0" disrupts="5">
  <title lang="en">Turn on</title>
  <title lang="pl">Włącz</title>
  <consent lang="en">May I?</consent>
  <consent lang="pl">Czy mogę?</consent>
  <stage id="read"><text lang="en">Reading</text><text lang="pl">Czytam</text></stage>
  <stage id="write"><text lang="en">Writing</text><text lang="pl">Piszę</text></stage>
  <config>
    <task template="write">
      <input var="#key" alias="${path('a')}"/>
      <input var="#value" alias="${true}"/>
      <output var="#done" alias="#ok"/>
    </task>
    <if expr="${task.ok}"><finding code="applied" severity="INFO"/></if>
  </config>
</step-template>"""

WRITE = """<task-template name="write">
  <input var="#key"/>
  <input var="#value"/>
  <input var="#pause" default="${false}"/>
  <output var="#done"/>
  <config>
    <set key="${task.key}" value="${task.value}" output="#status" stage="write"/>
    <if expr="${task.pause}"><wait timeoutSeconds="7" inProgressMessage="a moment"/></if>
    <verify key="${task.key}" output="#done"/>
  </config>
</task-template>"""

ASK = """<step-template name="ask" kind="gui">
  <title lang="en">Question</title>
  <title lang="pl">Pytanie</title>
  <panel>
    <widget kind="choice" id="joined">
      <label lang="en">Well?</label><label lang="pl">I jak?</label>
      <option value="yes"><label lang="en">Yes</label><label lang="pl">Tak</label></option>
      <option value="no"><label lang="en">No</label><label lang="pl">Nie</label></option>
    </widget>
  </panel>
</step-template>"""

GRAPH = """<workflow name="w" start="check" audience="customer agent">
  <title lang="en">It is off</title>
  <title lang="pl">Jest wyłączone</title>
  <symptom intent="it_is_off"/>
  <step id="check" template="check"/>
  <step id="repair" template="repair"/>
  <step id="ask" template="ask"/>
  <connection from="check" to="repair" when="${'off' in outcome.codes}" auto="true">
    <reason lang="en">It is off for {n:duration}.</reason>
    <reason lang="pl">Jest wyłączone od {n:duration}.</reason>
  </connection>
  <connection from="repair" to="ask" when="${'applied' in outcome.codes}" direct="true"/>
  <connection from="ask" to="check" when="${answers.joined == 'no'}">
    <reason lang="en">Look again.</reason>
    <reason lang="pl">Jeszcze raz.</reason>
  </connection>
</workflow>"""

SOURCES = {
    "settings.xml": SETTINGS,
    "steps/check.xml": CHECK,
    "steps/repair.xml": REPAIR,
    "steps/ask.xml": ASK,
    "tasks/write.xml": WRITE,
    "w.xml": GRAPH,
}


def library(file: str = "", old: str = "", new: str = "") -> Library:
    """The small library with `old` replaced by `new` in one file."""
    sources = dict(SOURCES)
    if file:
        assert old in sources[file], f"{old!r} is not in {file}"
        sources[file] = sources[file].replace(old, new, 1)
    return read_sources(sources)
