<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>unknown: it runs from a folder that was not installed</source>
        <translation>unbekannt: Es läuft aus einem Ordner, der nicht installiert wurde</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>MIT. Whoever has it may use, change and pass it on, without any warranty.</source>
        <translation>MIT. Wer es hat, darf es benutzen, ändern und weitergeben, ohne jede Gewährleistung.</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Läuft mit</translation>
    </message>
    <message>
        <source>What you set up</source>
        <translation>Was Sie eingerichtet haben</translation>
    </message>
    <message>
        <source>The log and what is kept</source>
        <translation>Das Protokoll und was aufbewahrt wird</translation>
    </message>
    <message>
        <source>While it runs</source>
        <translation>Während es läuft</translation>
    </message>
    <message>
        <source>Handbook</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>The folder docs in Approver&apos;s own source; each command explains --help.</source>
        <translation>Der Ordner docs in Approvers eigenem Quelltext; --help erklärt jeden Befehl.</translation>
    </message>
    <message>
        <source>Approver was tried on Linux with an X desktop. Wayland, GNOME and KDE themselves, macOS and Windows were only read about: what their documentation says is built in, but nobody has seen it run there.</source>
        <translation>Approver wurde unter Linux mit einem X-Desktop erprobt. Über Wayland, GNOME und KDE selbst, macOS und Windows wurde nur gelesen: Was deren Dokumentation sagt, ist eingebaut, aber niemand hat es dort laufen sehen.</translation>
    </message>
    <message>
        <source>Approver was tried on Linux only. What it does on this system follows its documentation, and nobody has seen it run here.</source>
        <translation>Approver wurde nur unter Linux erprobt. Was es auf diesem System tut, folgt dessen Dokumentation, und niemand hat es hier laufen sehen.</translation>
    </message>
    <message>
        <source>About Approver</source>
        <translation>Über Approver</translation>
    </message>
</context>
<context>
    <name>AnswerBar</name>
    <message>
        <source>&amp;Allow once</source>
        <translation>Einmal &amp;erlauben</translation>
    </message>
    <message>
        <source>&amp;Deny</source>
        <translation>&amp;Ablehnen</translation>
    </message>
    <message>
        <source>Decide &amp;later</source>
        <translation>&amp;Später entscheiden</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>If you deny, tell the agent &amp;why:</source>
        <translation>Wenn Sie ablehnen, sagen Sie dem Agenten, &amp;warum:</translation>
    </message>
    <message>
        <source>&amp;Next waiting call</source>
        <translation>&amp;Nächster wartender Aufruf</translation>
    </message>
    <message>
        <source>&amp;Allow one of {count} as edited</source>
        <translation>Einen von {count} mit Änderungen &amp;erlauben</translation>
    </message>
    <message>
        <source>&amp;Allow as edited</source>
        <translation>Mit Änderungen &amp;erlauben</translation>
    </message>
    <message>
        <source>Sends what you edited</source>
        <translation>Sendet, was Sie bearbeitet haben</translation>
    </message>
    <message>
        <source>Lets this one call through</source>
        <translation>Lässt diesen einen Aufruf durch</translation>
    </message>
    <message>
        <source>Just appeared: click again</source>
        <translation>Eben erst erschienen: bitte noch einmal klicken</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>freiwillig</translation>
    </message>
    <message>
        <source>Reason for the agent</source>
        <translation>Begründung für den Agenten</translation>
    </message>
    <message>
        <source>Refuses this call and tells the agent so</source>
        <translation>Lehnt diesen Aufruf ab und sagt es dem Agenten</translation>
    </message>
    <message>
        <source>Close the window; the call keeps waiting (Esc)</source>
        <translation>Schließt das Fenster; der Aufruf wartet weiter (Esc)</translation>
    </message>
</context>
<context>
    <name>ApplyPage</name>
    <message>
        <source>What will change</source>
        <translation>Was sich ändern wird</translation>
    </message>
    <message>
        <source>Each file is kept beside the new one, and approver client disconnect puts its entries back.</source>
        <translation>Jede Datei bleibt neben der neuen erhalten, und approver client disconnect setzt ihre Einträge zurück.</translation>
    </message>
    <message>
        <source>&amp;Apply</source>
        <translation>&amp;Anwenden</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Neu suchen</translation>
    </message>
    <message>
        <source>New in Approver: {names}.</source>
        <translation>Neu in Approver: {names}.</translation>
    </message>
    <message>
        <source>Approver has these servers already.</source>
        <translation>Approver hat diese Server bereits.</translation>
    </message>
    <message>
        <source>Some files were left as they were. You can go on, or look again.</source>
        <translation>Einige Dateien blieben, wie sie waren. Sie können weitergehen oder neu suchen.</translation>
    </message>
    <message>
        <source>Done. Restart these clients, so that they read their files anew.</source>
        <translation>Fertig. Starten Sie diese Clients neu, damit sie ihre Dateien neu lesen.</translation>
    </message>
    <message>
        <source>{client}: {path}</source>
        <translation>{client}: {path}</translation>
    </message>
    <message>
        <source>This file may be shared with others, who do not have Approver where you have it.</source>
        <translation>Diese Datei wird womöglich mit anderen geteilt, bei denen Approver nicht dort liegt, wo es bei Ihnen liegt.</translation>
    </message>
    <message>
        <source>The change to {path}</source>
        <translation>Die Änderung an {path}</translation>
    </message>
    <message>
        <source>{path} was changed.</source>
        <translation>{path} wurde geändert.</translation>
    </message>
    <message>
        <source>As it was: {backup}. What was secret in it still stands there.</source>
        <translation>Wie sie war: {backup}. Was darin geheim war, steht dort noch.</translation>
    </message>
</context>
<context>
    <name>ApprovalDialog</name>
    <message>
        <source>Wider</source>
        <translation>Breiter</translation>
    </message>
    <message>
        <source>Make the window as wide as the screen</source>
        <translation>Macht das Fenster so breit wie den Bildschirm</translation>
    </message>
    <message>
        <source>{position} of {total}</source>
        <translation>{position} von {total}</translation>
    </message>
    <message>
        <source>{total} waiting</source>
        <translation>{total} warten</translation>
    </message>
    <message>
        <source>Approver: {total} calls are waiting</source>
        <translation>Approver: {total} Aufrufe warten</translation>
    </message>
    <message>
        <source>Approver: a call is waiting</source>
        <translation>Approver: ein Aufruf wartet</translation>
    </message>
    <message>
        <source>Previous waiting call</source>
        <translation>Voriger wartender Aufruf</translation>
    </message>
    <message>
        <source>Next waiting call</source>
        <translation>Nächster wartender Aufruf</translation>
    </message>
    <message>
        <source>Narrower</source>
        <translation>Schmaler</translation>
    </message>
</context>
<context>
    <name>ArgumentEditor</name>
    <message>
        <source>Cover values</source>
        <translation>Werte verdecken</translation>
    </message>
    <message>
        <source>Show covered values</source>
        <translation>Verdeckte Werte zeigen</translation>
    </message>
    <message>
        <source>Mend 1 problem first</source>
        <translation>Zuerst 1 Fehler beheben</translation>
    </message>
    <message>
        <source>Mend {count} problems first</source>
        <translation>Zuerst {count} Fehler beheben</translation>
    </message>
    <message>
        <source>Arguments as JSON</source>
        <translation>Argumente als JSON</translation>
    </message>
    <message>
        <source>For&amp;m</source>
        <translation>For&amp;mular</translation>
    </message>
    <message>
        <source>&amp;JSON</source>
        <translation>&amp;JSON</translation>
    </message>
    <message>
        <source>Discard &amp;edits</source>
        <translation>Änderungen &amp;verwerfen</translation>
    </message>
    <message>
        <source>What is wrong with the edits</source>
        <translation>Was an den Änderungen nicht stimmt</translation>
    </message>
    <message>
        <source>Edit what is sent</source>
        <translation>Bearbeiten, was gesendet wird</translation>
    </message>
</context>
<context>
    <name>ArgumentFields</name>
    <message>
        <source>Arguments</source>
        <translation>Argumente</translation>
    </message>
    <message>
        <source>Take {name} out</source>
        <translation>{name} herausnehmen</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Hinzufügen…</translation>
    </message>
    <message>
        <source>Add what the tool takes besides</source>
        <translation>Hinzufügen, was das Werkzeug sonst noch annimmt</translation>
    </message>
    <message>
        <source>one a line</source>
        <translation>eins je Zeile</translation>
    </message>
    <message>
        <source>must be a whole number, such as 10</source>
        <translation>muss eine ganze Zahl sein, etwa 10</translation>
    </message>
    <message>
        <source>must be a number, such as 10 or 0.5</source>
        <translation>muss eine Zahl sein, etwa 10 oder 0.5</translation>
    </message>
    <message>
        <source>must be numbers, one a line</source>
        <translation>müssen Zahlen sein, eine je Zeile</translation>
    </message>
    <message>
        <source>is not JSON: text stands in double quotes</source>
        <translation>ist kein JSON: Text steht in doppelten Anführungszeichen</translation>
    </message>
</context>
<context>
    <name>AttentionForm</name>
    <message>
        <source>&amp;Quiet hours, by your clock: from</source>
        <translation>&amp;Ruhezeit, nach Ihrer Uhr: von</translation>
    </message>
    <message>
        <source>Calls whose tool {tier}</source>
        <translation>Aufrufe, deren Werkzeug {tier}</translation>
    </message>
    <message>
        <source>Quiet from</source>
        <translation>Ruhe ab</translation>
    </message>
    <message>
        <source>Quiet until</source>
        <translation>Ruhe bis</translation>
    </message>
    <message>
        <source>until</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>Told apart by what the tool&apos;s name sounds like. Whatever you choose, a call waits in the list.</source>
        <translation>Unterschieden wird danach, wonach der Name des Werkzeugs klingt. Was Sie auch wählen: In der Liste wartet ein Aufruf immer.</translation>
    </message>
    <message>
        <source>In quiet hours calls only wait, with nothing but the tray&apos;s badge. None is allowed by that.</source>
        <translation>In der Ruhezeit warten Aufrufe nur, und nichts als das Zeichen in der Leiste sagt es. Erlaubt wird dadurch keiner.</translation>
    </message>
</context>
<context>
    <name>CallPane</name>
    <message>
        <source>What the server changed (− before, + now)</source>
        <translation>Was der Server geändert hat (− vorher, + jetzt)</translation>
    </message>
    <message>
        <source>Sent by the client</source>
        <translation>Vom Client gesendet</translation>
    </message>
    <message>
        <source>Show covered values</source>
        <translation>Verdeckte Werte zeigen</translation>
    </message>
    <message>
        <source>Values that look secret</source>
        <translation>Werte, die geheim aussehen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the arguments as they are shown</source>
        <translation>Kopiert die Argumente, wie sie gezeigt werden</translation>
    </message>
    <message>
        <source>Changed by you before it is sent</source>
        <translation>Vor dem Senden von Ihnen geändert</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>&amp;Bearbeiten…</translation>
    </message>
    <message>
        <source>Change the arguments before you allow the call</source>
        <translation>Die Argumente ändern, bevor Sie den Aufruf erlauben</translation>
    </message>
    <message>
        <source>Written by the server, and more about the call</source>
        <translation>Vom Server geschrieben, und mehr über den Aufruf</translation>
    </message>
    <message>
        <source>Tool description and details</source>
        <translation>Beschreibung des Werkzeugs und Einzelheiten</translation>
    </message>
    <message>
        <source>Cover values</source>
        <translation>Werte verdecken</translation>
    </message>
    <message>
        <source>The same call is waiting {count} times</source>
        <translation>Derselbe Aufruf wartet {count}-mal</translation>
    </message>
    <message>
        <source>This text holds 1 invisible or misleading character, shown as a mark such as ⟨U+202E⟩.</source>
        <translation>Dieser Text enthält 1 unsichtbares oder irreführendes Zeichen; es ist durch eine Marke wie ⟨U+202E⟩ dargestellt.</translation>
    </message>
    <message>
        <source>This text holds {count} invisible or misleading characters, shown as marks such as ⟨U+202E⟩.</source>
        <translation>Dieser Text enthält {count} unsichtbare oder irreführende Zeichen; sie sind durch Marken wie ⟨U+202E⟩ dargestellt.</translation>
    </message>
</context>
<context>
    <name>ChangedBanner</name>
    <message>
        <source>&amp;Load the file</source>
        <translation>Die Datei &amp;laden</translation>
    </message>
    <message>
        <source>&amp;Keep mine</source>
        <translation>Meine &amp;behalten</translation>
    </message>
    <message>
        <source>The file was changed elsewhere while you were editing. Nothing is overwritten until you choose.</source>
        <translation>Die Datei wurde anderswo geändert, während Sie daran schrieben. Nichts wird überschrieben, bevor Sie wählen.</translation>
    </message>
</context>
<context>
    <name>ClientChange</name>
    <message>
        <source>The change</source>
        <translation>Die Änderung</translation>
    </message>
    <message>
        <source>Keep values that look secret in the &amp;keyring</source>
        <translation>Werte, die geheim aussehen, im &amp;Schlüsselbund aufbewahren</translation>
    </message>
    <message>
        <source>&amp;Leave it as it is</source>
        <translation>So &amp;lassen, wie es ist</translation>
    </message>
</context>
<context>
    <name>ClientsModel</name>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Its servers</source>
        <translation>Seine Server</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>no servers</source>
        <translation>keine Server</translation>
    </message>
    <message>
        <source>all through Approver ({count})</source>
        <translation>alle über Approver ({count})</translation>
    </message>
    <message>
        <source>none through Approver (0 of {count})</source>
        <translation>keiner über Approver (0 von {count})</translation>
    </message>
    <message>
        <source>{through} of {count} through Approver</source>
        <translation>{through} von {count} über Approver</translation>
    </message>
</context>
<context>
    <name>ClientsPage</name>
    <message>
        <source>Your AI clients</source>
        <translation>Ihre KI-Clients</translation>
    </message>
    <message>
        <source>These files were found and read. Nothing in them changes before you press Apply, five steps on.</source>
        <translation>Diese Dateien wurden gefunden und gelesen. Nichts in ihnen ändert sich, bevor Sie fünf Schritte weiter auf „Anwenden“ drücken.</translation>
    </message>
    <message>
        <source>Choose a &amp;file…</source>
        <translation>&amp;Datei wählen…</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Neu suchen</translation>
    </message>
    <message>
        <source>None of the clients that Approver knows has a file here. You can choose one, or add servers later.</source>
        <translation>Keiner der Clients, die Approver kennt, hat hier eine Datei. Sie können eine wählen oder Server später hinzufügen.</translation>
    </message>
    <message>
        <source>{client}: {servers}</source>
        <translation>{client}: {servers}</translation>
    </message>
    <message>
        <source>It rewrites this file while it runs: close it before you press Apply.</source>
        <translation>Er schreibt diese Datei neu, während er läuft: Schließen Sie ihn, bevor Sie auf „Anwenden“ drücken.</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>no servers</source>
        <translation>keine Server</translation>
    </message>
    <message>
        <source>all servers go through Approver</source>
        <translation>alle Server laufen über Approver</translation>
    </message>
    <message>
        <source>1 server</source>
        <translation>1 Server</translation>
    </message>
    <message>
        <source>{count} servers</source>
        <translation>{count} Server</translation>
    </message>
    <message>
        <source>A client&apos;s file</source>
        <translation>Datei eines Clients</translation>
    </message>
    <message>
        <source>Configuration (*.json *.toml)</source>
        <translation>Konfiguration (*.json *.toml)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>Clients</translation>
    </message>
    <message>
        <source>&amp;Connect…</source>
        <translation>&amp;Verbinden…</translation>
    </message>
    <message>
        <source>&amp;Disconnect…</source>
        <translation>&amp;Trennen…</translation>
    </message>
    <message>
        <source>Look a&amp;gain</source>
        <translation>&amp;Neu nachsehen</translation>
    </message>
    <message>
        <source>&amp;Step by step…</source>
        <translation>&amp;Schritt für Schritt…</translation>
    </message>
    <message>
        <source>{server}: through Approver</source>
        <translation>{server}: über Approver</translation>
    </message>
    <message>
        <source>{server}: past Approver</source>
        <translation>{server}: an Approver vorbei</translation>
    </message>
    <message>
        <source>{server}: cannot be taken: {reason}</source>
        <translation>{server}: kann nicht übernommen werden: {reason}</translation>
    </message>
    <message>
        <source>As the file was on {day}: {backup}</source>
        <translation>Die Datei, wie sie am {day} war: {backup}</translation>
    </message>
    <message>
        <source>Lead the servers of {client} through Approver?</source>
        <translation>Die Server von {client} über Approver leiten?</translation>
    </message>
    <message>
        <source>&amp;Change the file</source>
        <translation>Die Datei &amp;ändern</translation>
    </message>
    <message>
        <source>Put the entries of {client} back as they were?</source>
        <translation>Die Einträge von {client} wiederherstellen, wie sie waren?</translation>
    </message>
    <message>
        <source>&amp;Put them back</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>New in Approver: {servers}. Every call to them is asked about until you write rules.</source>
        <translation>Neu in Approver: {servers}. Bei jedem Aufruf wird gefragt, bis Sie Regeln schreiben.</translation>
    </message>
    <message>
        <source>Nobody told the value of {variable} yet. Keep it on the page Secrets, as {name}.</source>
        <translation>Den Wert von {variable} hat noch niemand genannt. Bewahren Sie ihn auf der Seite Geheimnisse als {name} auf.</translation>
    </message>
    <message>
        <source>{path} was changed. Restart {client}, so that it reads it anew.</source>
        <translation>{path} wurde geändert. Starten Sie {client} neu, damit er sie neu liest.</translation>
    </message>
    <message>
        <source>No file of a client that Approver knows is here. Step by step you can choose a file yourself.</source>
        <translation>Hier ist keine Datei eines Clients, den Approver kennt. Schritt für Schritt können Sie selbst eine Datei wählen.</translation>
    </message>
</context>
<context>
    <name>Clocks</name>
    <message>
        <source>{client} waits {left} more. The question closes at {closes}, unanswered.</source>
        <translation>{client} wartet noch {left}. Die Frage schließt um {closes}, unbeantwortet.</translation>
    </message>
    <message>
        <source>{client} has been told that its call is pending; if you allow it, its next identical call runs. The question closes at {closes}, unanswered.</source>
        <translation>{client} weiß, dass sein Aufruf noch wartet; wenn Sie ihn erlauben, läuft sein nächster gleicher Aufruf. Die Frage schließt um {closes}, unbeantwortet.</translation>
    </message>
</context>
<context>
    <name>ColorScheme</name>
    <message>
        <source>As the desktop has them</source>
        <translation>Wie der Desktop sie hat</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
</context>
<context>
    <name>ConditionRow</name>
    <message>
        <source>The value {value} is no JSON ({reason}). Choose “Text”, or write it like 5, true or [1, 2].</source>
        <translation>Der Wert {value} ist kein JSON ({reason}). Wählen Sie „Text“, oder schreiben Sie ihn wie 5, true oder [1, 2].</translation>
    </message>
    <message>
        <source>Argument</source>
        <translation>Argument</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>How the value is written</source>
        <translation>Wie der Wert geschrieben ist</translation>
    </message>
    <message>
        <source>Text is taken as it stands; JSON is for numbers, true, false and lists</source>
        <translation>Text gilt, wie er dasteht; JSON ist für Zahlen, true, false und Listen</translation>
    </message>
    <message>
        <source>Take this condition away</source>
        <translation>Diese Bedingung entfernen</translation>
    </message>
</context>
<context>
    <name>DayCounts</name>
    <message>
        <source>Today: no calls yet.</source>
        <translation>Heute: noch keine Aufrufe.</translation>
    </message>
    <message>
        <source>Today: 1 call, {parts}.</source>
        <translation>Heute: 1 Aufruf, {parts}.</translation>
    </message>
    <message>
        <source>Today: {count} calls. {parts}.</source>
        <translation>Heute: {count} Aufrufe. {parts}.</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>{page} - Approver</source>
        <translation>{page} - Approver</translation>
    </message>
    <message>
        <source>Approver</source>
        <translation>Approver</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Remembered</source>
        <translation>Gemerkt</translation>
    </message>
    <message>
        <source>Grants</source>
        <translation>Berechtigungen</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>Clients</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Geheimnisse</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
</context>
<context>
    <name>Draft</name>
    <message>
        <source>Write all of the value anew, or show the covered values first.</source>
        <translation>Schreiben Sie den ganzen Wert neu, oder zeigen Sie zuerst die verdeckten Werte.</translation>
    </message>
    <message>
        <source>part of this is covered, and the cover would be sent in its place</source>
        <translation>ein Teil davon ist verdeckt, und statt seiner würde die Verdeckung gesendet</translation>
    </message>
    <message>
        <source>arguments are an object</source>
        <translation>Argumente sind ein Objekt</translation>
    </message>
    <message>
        <source>Put them in braces: { }.</source>
        <translation>Setzen Sie sie in geschweifte Klammern: { }.</translation>
    </message>
</context>
<context>
    <name>Edited</name>
    <message>
        <source>Changed by you before it is sent:</source>
        <translation>Vor dem Senden von Ihnen geändert:</translation>
    </message>
    <message>
        <source>… and {count} more places</source>
        <translation>… und {count} weitere Stellen</translation>
    </message>
    <message>
        <source>was</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>added</source>
        <translation>hinzugefügt</translation>
    </message>
    <message>
        <source>taken out</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>another value of the same length, below its cover</source>
        <translation>ein anderer Wert gleicher Länge unter seiner Verdeckung</translation>
    </message>
    <message>
        <source>⋯ 1 line as it was</source>
        <translation>⋯ 1 Zeile, wie sie war</translation>
    </message>
    <message>
        <source>⋯ {count} lines as they were</source>
        <translation>⋯ {count} Zeilen, wie sie waren</translation>
    </message>
</context>
<context>
    <name>EmptyPage</name>
    <message>
        <source>Nothing is waiting.</source>
        <translation>Nichts wartet.</translation>
    </message>
    <message>
        <source>When a rule wants you to decide about a call, a window with that call appears by itself.</source>
        <translation>Wenn nach einer Regel Sie über einen Aufruf entscheiden sollen, erscheint von selbst ein Fenster mit diesem Aufruf.</translation>
    </message>
</context>
<context>
    <name>FirstRunWizard</name>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>{step} - First start - Approver</source>
        <translation>{step} - Erster Start - Approver</translation>
    </message>
    <message>
        <source>&amp;Finish</source>
        <translation>&amp;Fertigstellen</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>No&amp;t now</source>
        <translation>Nicht &amp;jetzt</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>Choose a server, or leave with Not now.</source>
        <translation>Wählen Sie einen Server, oder gehen Sie mit „Nicht jetzt“.</translation>
    </message>
    <message>
        <source>Choose what becomes of the secrets.</source>
        <translation>Wählen Sie, was aus den Geheimnissen wird.</translation>
    </message>
    <message>
        <source>Nothing has changed so far.</source>
        <translation>Bisher hat sich nichts geändert.</translation>
    </message>
    <message>
        <source>Welcome to Approver</source>
        <translation>Willkommen bei Approver</translation>
    </message>
    <message>
        <source>Approver stands between your AI clients and their tools: it lets through what your rules allow, and asks you about the rest. In a few steps it takes over the servers that your clients have.</source>
        <translation>Approver steht zwischen Ihren KI-Clients und deren Werkzeugen: Es lässt durch, was Ihre Regeln erlauben, und fragt Sie beim Rest. In wenigen Schritten übernimmt es die Server, die Ihre Clients haben.</translation>
    </message>
    <message>
        <source>Nothing changes yet. You see every change before it is made.</source>
        <translation>Noch ändert sich nichts. Sie sehen jede Änderung, bevor sie geschieht.</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Clients</source>
        <translation>Clients</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Secrets</source>
        <translation>Geheimnisse</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>Ausprobieren</translation>
    </message>
</context>
<context>
    <name>FormWindow</name>
    <message>
        <source>&amp;Done</source>
        <translation>&amp;Fertig</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Front</name>
    <message>
        <source>Your answer had no effect: this call is no longer waiting. {sentence}</source>
        <translation>Ihre Antwort blieb ohne Wirkung: Dieser Aufruf wartet nicht mehr. {sentence}</translation>
    </message>
    <message>
        <source>{client} waits for your decision about {tool}. {waiting}.</source>
        <translation>{client} wartet auf Ihre Entscheidung über {tool}. {waiting}.</translation>
    </message>
    <message>
        <source>This call was allowed elsewhere ({by}).</source>
        <translation>Dieser Aufruf wurde anderswo erlaubt ({by}).</translation>
    </message>
    <message>
        <source>This call was denied elsewhere ({by}).</source>
        <translation>Dieser Aufruf wurde anderswo abgelehnt ({by}).</translation>
    </message>
    <message>
        <source>Time ran out unanswered. Nothing was run.</source>
        <translation>Die Zeit lief ohne Antwort ab. Nichts wurde ausgeführt.</translation>
    </message>
    <message>
        <source>The caller went away before an answer came ({by}). Nothing was run.</source>
        <translation>Der Aufrufer ging, bevor eine Antwort kam ({by}). Nichts wurde ausgeführt.</translation>
    </message>
    <message>
        <source>Approver is closing. Nothing was run.</source>
        <translation>Approver wird beendet. Nichts wurde ausgeführt.</translation>
    </message>
    <message>
        <source>This call is no longer waiting ({by}).</source>
        <translation>Dieser Aufruf wartet nicht mehr ({by}).</translation>
    </message>
</context>
<context>
    <name>GeneralPage</name>
    <message>
        <source>Looking…</source>
        <translation>Wird nachgesehen…</translation>
    </message>
    <message>
        <source>They cannot come in: it is turned off, or its port is taken. See [http] in settings.toml.</source>
        <translation>Sie kommen nicht herein: Es ist abgeschaltet, oder sein Port ist belegt. Siehe [http] in settings.toml.</translation>
    </message>
    <message>
        <source>Approver is not running.</source>
        <translation>Approver läuft nicht.</translation>
    </message>
    <message>
        <source>How loudly a call asks for you</source>
        <translation>Wie laut ein Aufruf sich meldet</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>How things stand</source>
        <translation>Wie es steht</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Clients over HTTP</source>
        <translation>Clients über HTTP</translation>
    </message>
    <message>
        <source>Keyring</source>
        <translation>Schlüsselbund</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>As your desktop has it.</source>
        <translation>Wie auf Ihrem Desktop eingestellt.</translation>
    </message>
</context>
<context>
    <name>GrantDialog</name>
    <message>
        <source>Let a client in - Approver</source>
        <translation>Einen Client hereinlassen - Approver</translation>
    </message>
    <message>
        <source>&amp;Make the token</source>
        <translation>&amp;Token erzeugen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>I have &amp;it</source>
        <translation>Ich ha&amp;be es</translation>
    </message>
    <message>
        <source>The token is shown, once.</source>
        <translation>Das Token wird gezeigt, ein einziges Mal.</translation>
    </message>
    <message>
        <source>Give the client a name: the log names it so.</source>
        <translation>Geben Sie dem Client einen Namen: So heißt er im Protokoll.</translation>
    </message>
    <message>
        <source>Tick the servers that it may use.</source>
        <translation>Haken Sie die Server an, die er benutzen darf.</translation>
    </message>
    <message>
        <source>one server</source>
        <translation>ein Server</translation>
    </message>
    <message>
        <source>several servers, at one address</source>
        <translation>mehrere Server, unter einer Adresse</translation>
    </message>
    <message>
        <source>all servers, also those added later</source>
        <translation>alle Server, auch später hinzugefügte</translation>
    </message>
    <message>
        <source>the server&apos;s own</source>
        <translation>die des Servers</translation>
    </message>
    <message>
        <source>laptop, ci, phone …</source>
        <translation>Laptop, CI, Telefon …</translation>
    </message>
    <message>
        <source>&amp;Name of the client:</source>
        <translation>&amp;Name des Clients:</translation>
    </message>
    <message>
        <source>It may &amp;use:</source>
        <translation>Er darf &amp;benutzen:</translation>
    </message>
    <message>
        <source>&amp;Server:</source>
        <translation>&amp;Server:</translation>
    </message>
    <message>
        <source>&amp;Servers:</source>
        <translation>&amp;Server:</translation>
    </message>
    <message>
        <source>By the &amp;rules:</source>
        <translation>Nach den &amp;Regeln:</translation>
    </message>
    <message>
        <source>A client that comes in over HTTP shows a token. Only its hash is kept, so the file admits nobody. Every call is judged by the rules, as any other.</source>
        <translation>Ein Client, der über HTTP hereinkommt, weist ein Token vor. Nur dessen Prüfsumme wird aufbewahrt; die Datei allein lässt also niemanden herein. Jeder Aufruf wird nach den Regeln beurteilt wie jeder andere.</translation>
    </message>
</context>
<context>
    <name>GrantTicket</name>
    <message>
        <source>A client over &amp;HTTP</source>
        <translation>Ein Client über &amp;HTTP</translation>
    </message>
    <message>
        <source>For a client that is given an address. The text holds the token: treat it as a password.</source>
        <translation>Für einen Client, dem man eine Adresse gibt. Der Text enthält das Token: Behandeln Sie ihn wie ein Passwort.</translation>
    </message>
    <message>
        <source>A client that &amp;launches its servers</source>
        <translation>Ein Client, der seine Server selbst &amp;startet</translation>
    </message>
    <message>
        <source>For a client on this machine that starts a command. It needs no token, and holds none.</source>
        <translation>Für einen Client auf diesem Rechner, der einen Befehl startet. Der Text braucht kein Token und enthält keins.</translation>
    </message>
    <message>
        <source>The text for the client&apos;s file</source>
        <translation>Der Text für die Datei des Clients</translation>
    </message>
    <message>
        <source>&amp;Copy the text</source>
        <translation>Text &amp;kopieren</translation>
    </message>
    <message>
        <source>Copied. Whoever reads the clipboard can read it.</source>
        <translation>Kopiert. Wer die Zwischenablage liest, kann ihn lesen.</translation>
    </message>
    <message>
        <source>“{client}” may come in now. This is its token; it is not shown again.</source>
        <translation>„{client}“ darf jetzt herein. Dies ist sein Token; es wird nicht noch einmal gezeigt.</translation>
    </message>
    <message>
        <source>The token</source>
        <translation>Das Token</translation>
    </message>
    <message>
        <source>&amp;Token:</source>
        <translation>&amp;Token:</translation>
    </message>
    <message>
        <source>C&amp;opy the token</source>
        <translation>Token ko&amp;pieren</translation>
    </message>
</context>
<context>
    <name>GrantsModel</name>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>May use</source>
        <translation>Darf benutzen</translation>
    </message>
    <message>
        <source>By the rules of</source>
        <translation>Nach den Regeln von</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Angelegt</translation>
    </message>
    <message>
        <source>Last call</source>
        <translation>Letzter Aufruf</translation>
    </message>
    <message>
        <source>all servers</source>
        <translation>alle Server</translation>
    </message>
    <message>
        <source>{name} (no token)</source>
        <translation>{name} (kein Token)</translation>
    </message>
    <message>
        <source>each server</source>
        <translation>jeder Server</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
</context>
<context>
    <name>GrantsPage</name>
    <message>
        <source>Grants</source>
        <translation>Berechtigungen</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Hinzufügen…</translation>
    </message>
    <message>
        <source>&amp;Revoke…</source>
        <translation>&amp;Widerrufen…</translation>
    </message>
    <message>
        <source>Nothing listens for clients over HTTP now: it is off in the settings, or its port is taken.</source>
        <translation>Für Clients über HTTP ist zurzeit nichts offen: Es ist in den Einstellungen abgeschaltet, oder sein Port ist belegt.</translation>
    </message>
    <message>
        <source>Clients come in at {url}</source>
        <translation>Clients kommen herein unter {url}</translation>
    </message>
    <message>
        <source>There is no server yet that a client could use. Add one first.</source>
        <translation>Es gibt noch keinen Server, den ein Client benutzen könnte. Fügen Sie zuerst einen hinzu.</translation>
    </message>
    <message>
        <source>“{client}” may come in now.</source>
        <translation>„{client}“ darf jetzt herein.</translation>
    </message>
    <message>
        <source>Revoke the grant of “{client}”?</source>
        <translation>Die Berechtigung von „{client}“ widerrufen?</translation>
    </message>
    <message>
        <source>Its token admits nobody from the next request on, and what it started over HTTP ends. A client on this machine that names it is sent away. The log keeps what it did. A revoked token never comes back.</source>
        <translation>Das Token lässt von der nächsten Anfrage an niemanden mehr herein, und was über HTTP damit begonnen wurde, endet. Ein Client auf diesem Rechner, der sie nennt, wird weggeschickt. Das Protokoll behält, was geschah. Ein widerrufenes Token kommt nie zurück.</translation>
    </message>
    <message>
        <source>&amp;Revoke it</source>
        <translation>&amp;Widerrufen</translation>
    </message>
    <message>
        <source>Revoked “{client}”: its token admits nobody from the next request on.</source>
        <translation>„{client}“ widerrufen: Das Token lässt von der nächsten Anfrage an niemanden mehr herein.</translation>
    </message>
    <message>
        <source>No client may come in over HTTP yet. Clients that launch their servers need no grant.</source>
        <translation>Noch darf kein Client über HTTP herein. Clients, die ihre Server selbst starten, brauchen keine Berechtigung.</translation>
    </message>
</context>
<context>
    <name>HabitBar</name>
    <message>
        <source>Ma&amp;ke a rule…</source>
        <translation>Regel ma&amp;chen…</translation>
    </message>
    <message>
        <source>Opens the form for a rule, with the newest call&apos;s arguments</source>
        <translation>Öffnet das Formular für eine Regel, mit den Argumenten des neuesten Aufrufs</translation>
    </message>
    <message>
        <source>Do not say this of this tool again</source>
        <translation>Für dieses Werkzeug nicht mehr sagen</translation>
    </message>
    <message>
        <source>You allowed {allowed} of the last {asked} {tool} calls on {server}.</source>
        <translation>Sie haben {allowed} der letzten {asked} Aufrufe von {tool} auf {server} erlaubt.</translation>
    </message>
</context>
<context>
    <name>HeldOffBar</name>
    <message>
        <source>{client} asks too often. What it asks further is denied until {time}.</source>
        <translation>{client} fragt zu oft. Was er weiter fragt, wird bis {time} abgelehnt.</translation>
    </message>
    <message>
        <source>Ask me again</source>
        <translation>Mich wieder fragen</translation>
    </message>
</context>
<context>
    <name>HoursPicture</name>
    <message>
        <source>allowed by rules</source>
        <translation>nach Regeln erlaubt</translation>
    </message>
    <message>
        <source>approved by you</source>
        <translation>von Ihnen erlaubt</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>not decided</source>
        <translation>nicht entschieden</translation>
    </message>
    <message>
        <source>No calls in the last 24 hours.</source>
        <translation>Keine Aufrufe in den letzten 24 Stunden.</translation>
    </message>
    <message>
        <source>{calls} calls in the last 24 hours: {parts}. The most, {most}, from {hour} on.</source>
        <translation>{calls} Aufrufe in den letzten 24 Stunden: {parts}. Die meisten, {most}, in der Stunde ab {hour}.</translation>
    </message>
    <message>
        <source>Calls per hour by outcome</source>
        <translation>Aufrufe je Stunde nach Ausgang</translation>
    </message>
    <message>
        <source>From {hour} on: {count} calls</source>
        <translation>Ab {hour}: {count} Aufrufe</translation>
    </message>
</context>
<context>
    <name>Keyring</name>
    <message>
        <source>Secrets are kept in {keeper}.</source>
        <translation>Geheimnisse werden in {keeper} aufbewahrt.</translation>
    </message>
    <message>
        <source>{keeper} is locked; its system asks you when it is needed.</source>
        <translation>{keeper} ist gesperrt; das System fragt Sie, wenn er gebraucht wird.</translation>
    </message>
    <message>
        <source>There is no keyring on this machine or in this session. Start one, such as GNOME Keyring or KWallet, or keep the value in an environment variable (${env:NAME}) or in a file that only you can read (${file:/path/to/it}).</source>
        <translation>Auf diesem Rechner oder in dieser Sitzung gibt es keinen Schlüsselbund. Starten Sie einen, etwa GNOME Keyring oder KWallet, oder halten Sie den Wert in einer Umgebungsvariable (${env:NAME}) oder in einer Datei, die nur Sie lesen können (${file:/pfad/dorthin}).</translation>
    </message>
</context>
<context>
    <name>LanguageChoice</name>
    <message>
        <source>As the system has it</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Language of the windows</source>
        <translation>Sprache der Fenster</translation>
    </message>
    <message>
        <source>Another one takes effect when Approver starts again.</source>
        <translation>Eine andere gilt, wenn Approver wieder startet.</translation>
    </message>
</context>
<context>
    <name>LaunchAtLogin</name>
    <message>
        <source>Start Approver when I &amp;log in</source>
        <translation>Approver starten, wenn ich mich an&amp;melde</translation>
    </message>
    <message>
        <source>That could not be done. {reason}</source>
        <translation>Das ließ sich nicht machen. {reason}</translation>
    </message>
</context>
<context>
    <name>LimitFields</name>
    <message>
        <source>{field} has to be a number such as 10 or 2.5; it is “{text}”.</source>
        <translation>{field} muss eine Zahl wie 10 oder 2.5 sein; es ist „{text}“.</translation>
    </message>
    <message>
        <source>calls</source>
        <translation>Aufrufe</translation>
    </message>
    <message>
        <source>each client by itself</source>
        <translation>jeder Client für sich</translation>
    </message>
    <message>
        <source>all clients together</source>
        <translation>alle Clients zusammen</translation>
    </message>
    <message>
        <source>&amp;At most</source>
        <translation>&amp;Höchstens</translation>
    </message>
    <message>
        <source>per</source>
        <translation>je</translation>
    </message>
    <message>
        <source>&amp;Counted:</source>
        <translation>&amp;Gezählt wird:</translation>
    </message>
    <message>
        <source>&amp;Each call counts:</source>
        <translation>&amp;Jeder Aufruf zählt:</translation>
    </message>
    <message>
        <source>&amp;For:</source>
        <translation>Fü&amp;r:</translation>
    </message>
    <message>
        <source>Counter’s &amp;name:</source>
        <translation>&amp;Name des Zählers:</translation>
    </message>
</context>
<context>
    <name>LogChain</name>
    <message>
        <source>Every row is chained to the one before it. Whether that still holds was not checked yet.</source>
        <translation>Jede Zeile ist mit der vorigen verkettet. Ob das noch stimmt, wurde noch nicht geprüft.</translation>
    </message>
    <message>
        <source>Stop chec&amp;king</source>
        <translation>Prüfung an&amp;halten</translation>
    </message>
    <message>
        <source>Checking the log…</source>
        <translation>Das Protokoll wird geprüft…</translation>
    </message>
    <message>
        <source>Checking the log: {rows} of {total} rows are as they were written.</source>
        <translation>Das Protokoll wird geprüft: {rows} von {total} Zeilen sind, wie sie geschrieben wurden.</translation>
    </message>
    <message>
        <source>Checking was stopped, so nothing is known of the rows after that.</source>
        <translation>Die Prüfung wurde angehalten; über die Zeilen danach ist also nichts bekannt.</translation>
    </message>
    <message>
        <source>Chec&amp;k the log</source>
        <translation>&amp;Protokoll prüfen</translation>
    </message>
    <message>
        <source>State of the log&apos;s chain</source>
        <translation>Zustand der Kette des Protokolls</translation>
    </message>
    <message>
        <source>How far checking is</source>
        <translation>Wie weit die Prüfung ist</translation>
    </message>
    <message>
        <source>The log was changed. The first bad row is {row}.</source>
        <translation>Das Protokoll wurde verändert. Die erste falsche Zeile ist {row}.</translation>
    </message>
    <message>
        <source>The log is empty.</source>
        <translation>Das Protokoll ist leer.</translation>
    </message>
    <message>
        <source>The log is whole: {rows} rows, each chained to the one before.</source>
        <translation>Das Protokoll ist heil: {rows} Zeilen, jede mit der vorigen verkettet.</translation>
    </message>
    <message>
        <source>There is no anchor in the keyring, so the end cannot be proven: rows cut off from it would go unnoticed.</source>
        <translation>Im Schlüsselbund liegt kein Anker; das Ende lässt sich also nicht beweisen: Dort abgeschnittene Zeilen blieben unbemerkt.</translation>
    </message>
    <message>
        <source>The keyring vouches for the rows up to {row}.</source>
        <translation>Der Schlüsselbund bürgt für die Zeilen bis {row}.</translation>
    </message>
    <message>
        <source>The end beyond that, {rows} rows, is chained but cannot be proven: it is newer than the anchor.</source>
        <translation>Das Ende danach, {rows} Zeilen, ist verkettet, aber nicht beweisbar: Es ist neuer als der Anker.</translation>
    </message>
</context>
<context>
    <name>LogDetail</name>
    <message>
        <source>Select a call to see all of it.</source>
        <translation>Wählen Sie einen Aufruf, um ihn ganz zu sehen.</translation>
    </message>
    <message>
        <source>Sent by the client, as recorded</source>
        <translation>Vom Client gesendet, wie aufgezeichnet</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Was daraus wurde</translation>
    </message>
    <message>
        <source>&amp;Make a rule from this…</source>
        <translation>&amp;Daraus eine Regel machen…</translation>
    </message>
    <message>
        <source>&amp;Copy as JSON</source>
        <translation>Als JSON &amp;kopieren</translation>
    </message>
    <message>
        <source>Change the re&amp;membered answer…</source>
        <translation>&amp;Gemerkte Antwort ändern…</translation>
    </message>
    <message>
        <source>Row {number}, {outcome}</source>
        <translation>Zeile {number}, {outcome}</translation>
    </message>
</context>
<context>
    <name>LogExport</name>
    <message>
        <source>Nothing was exported.</source>
        <translation>Nichts wurde exportiert.</translation>
    </message>
    <message>
        <source>Export calls</source>
        <translation>Aufrufe exportieren</translation>
    </message>
    <message>
        <source>JSON Lines, exact (*.jsonl)</source>
        <translation>JSON Lines, genau (*.jsonl)</translation>
    </message>
    <message>
        <source>CSV for spreadsheets (*.csv)</source>
        <translation>CSV für Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Export läuft…</translation>
    </message>
    <message>
        <source>Stop e&amp;xporting</source>
        <translation>E&amp;xport anhalten</translation>
    </message>
    <message>
        <source>Exporting: {count} calls so far</source>
        <translation>Export läuft: bisher {count} Aufrufe</translation>
    </message>
    <message>
        <source>{count} calls were written to {file}.</source>
        <translation>{count} Aufrufe wurden in {file} geschrieben.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>LogFilterBar</name>
    <message>
        <source>Clear &amp;filters</source>
        <translation>&amp;Filter löschen</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Letzte Stunde</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Letzte 24 Stunden</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>Up to…</source>
        <translation>Bis zu…</translation>
    </message>
    <message>
        <source>Any outcome</source>
        <translation>Jeder Ausgang</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Asked about</source>
        <translation>Nachgefragt</translation>
    </message>
    <message>
        <source>Any client</source>
        <translation>Jeder Client</translation>
    </message>
    <message>
        <source>Any server</source>
        <translation>Jeder Server</translation>
    </message>
    <message>
        <source>Any tool</source>
        <translation>Jedes Werkzeug</translation>
    </message>
    <message>
        <source>Any rule</source>
        <translation>Jede Regel</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Search names, arguments, rules, messages</source>
        <translation>Namen, Argumente, Regeln, Meldungen durchsuchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Newest call to show</source>
        <translation>Neuester Aufruf, der gezeigt wird</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Decided by</source>
        <translation>Entschieden</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Es wird gesucht…</translation>
    </message>
    <message>
        <source>{count} new ↑</source>
        <translation>{count} neue ↑</translation>
    </message>
    <message>
        <source>No call was recorded yet.</source>
        <translation>Noch wurde kein Aufruf aufgezeichnet.</translation>
    </message>
    <message>
        <source>No recorded call matches these filters.</source>
        <translation>Kein aufgezeichneter Aufruf passt zu diesen Filtern.</translation>
    </message>
    <message>
        <source>Recorded calls, newest first</source>
        <translation>Aufgezeichnete Aufrufe, der neueste zuerst</translation>
    </message>
    <message>
        <source>Show the calls that were recorded meanwhile</source>
        <translation>Zeigt die Aufrufe, die inzwischen aufgezeichnet wurden</translation>
    </message>
</context>
<context>
    <name>LogStory</name>
    <message>
        <source>Outcome</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Decided by</source>
        <translation>Entschieden durch</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Grant</source>
        <translation>Berechtigung</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Aufruf</translation>
    </message>
    <message>
        <source>Call digest</source>
        <translation>Prüfsumme des Aufrufs</translation>
    </message>
    <message>
        <source>Text shown</source>
        <translation>Gezeigter Text</translation>
    </message>
    <message>
        <source>Digest of what was sent</source>
        <translation>Prüfsumme des Gesendeten</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Row digest</source>
        <translation>Prüfsumme der Zeile</translation>
    </message>
    <message>
        <source>{client} wanted to run {tool} on {server}</source>
        <translation>{client} wollte {tool} auf {server} ausführen</translation>
    </message>
    <message>
        <source>A client without a name</source>
        <translation>Ein Client ohne Namen</translation>
    </message>
    <message>
        <source>{who}, with edits</source>
        <translation>{who}, mit Änderungen</translation>
    </message>
    <message>
        <source>{who}, after {time}</source>
        <translation>{who}, nach {time}</translation>
    </message>
    <message>
        <source>{what} after {time}</source>
        <translation>{what} nach {time}</translation>
    </message>
    <message>
        <source>the client repeated the call</source>
        <translation>der Client hat den Aufruf wiederholt</translation>
    </message>
    <message>
        <source>the question was opened</source>
        <translation>die Frage wurde gestellt</translation>
    </message>
    <message>
        <source>the client was told that the call is pending</source>
        <translation>dem Client wurde gesagt, dass der Aufruf wartet</translation>
    </message>
    <message>
        <source>(Approver: {notice})</source>
        <translation>(Approver: {notice})</translation>
    </message>
    <message>
        <source>Changed before it was sent:</source>
        <translation>Vor dem Senden geändert:</translation>
    </message>
    <message>
        <source>Sent to the server:</source>
        <translation>An den Server gesendet:</translation>
    </message>
</context>
<context>
    <name>LogWords</name>
    <message>
        <source>{outcome}, edited</source>
        <translation>{outcome}, bearbeitet</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>erlaubt</translation>
    </message>
    <message>
        <source>approved</source>
        <translation>von Ihnen erlaubt</translation>
    </message>
    <message>
        <source>denied by rule</source>
        <translation>durch Regel abgelehnt</translation>
    </message>
    <message>
        <source>denied by you</source>
        <translation>von Ihnen abgelehnt</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>abgelaufen</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>shut down</source>
        <translation>bei Programmende beendet</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>zurückgewiesen</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>beantwortet</translation>
    </message>
    <message>
        <source>the tool reported an error</source>
        <translation>das Werkzeug meldete einen Fehler</translation>
    </message>
    <message>
        <source>the server answered with an error</source>
        <translation>der Server antwortete mit einem Fehler</translation>
    </message>
    <message>
        <source>the server was not reached</source>
        <translation>der Server war nicht erreichbar</translation>
    </message>
    <message>
        <source>cancelled by the client</source>
        <translation>vom Client abgebrochen</translation>
    </message>
    <message>
        <source>not known: Approver ended meanwhile</source>
        <translation>nicht bekannt: Approver endete inzwischen</translation>
    </message>
    <message>
        <source>nobody yet</source>
        <translation>noch niemand</translation>
    </message>
    <message>
        <source>rule {rule}</source>
        <translation>Regel {rule}</translation>
    </message>
    <message>
        <source>no rule objected</source>
        <translation>keine Regel sprach dagegen</translation>
    </message>
    <message>
        <source>you, in a notification</source>
        <translation>Sie, in einer Benachrichtigung</translation>
    </message>
    <message>
        <source>you</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>time ran out</source>
        <translation>die Zeit lief ab</translation>
    </message>
    <message>
        <source>an earlier answer</source>
        <translation>eine frühere Antwort</translation>
    </message>
    <message>
        <source>it asked too often</source>
        <translation>er fragte zu oft</translation>
    </message>
    <message>
        <source>asking was paused</source>
        <translation>Nachfragen war pausiert</translation>
    </message>
    <message>
        <source>not a proper call</source>
        <translation>kein gültiger Aufruf</translation>
    </message>
    <message>
        <source>an unexpected end of Approver</source>
        <translation>ein unerwartetes Ende von Approver</translation>
    </message>
    <message>
        <source>you, remembered as {id}</source>
        <translation>Sie, gemerkt als {id}</translation>
    </message>
    <message>
        <source>{time} asked</source>
        <translation>{time} nachgefragt</translation>
    </message>
    <message>
        <source>{number} ms</source>
        <translation>{number} ms</translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation>{number} s</translation>
    </message>
    <message>
        <source>{number} min</source>
        <translation>{number} min</translation>
    </message>
</context>
<context>
    <name>Notification</name>
    <message>
        <source>Review</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>A call is waiting for you</source>
        <translation>Ein Aufruf wartet auf Sie</translation>
    </message>
    <message>
        <source>Deny</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>{count} calls are waiting for you</source>
        <translation>{count} Aufrufe warten auf Sie</translation>
    </message>
    <message>
        <source>and {count} more, to be seen with Review</source>
        <translation>und {count} weitere, zu sehen mit „Ansehen“</translation>
    </message>
    <message>
        <source>{client}: {tool} on {server}</source>
        <translation>{client}: {tool} auf {server}</translation>
    </message>
    <message>
        <source>A client without a name</source>
        <translation>Ein Client ohne Namen</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>und {count} weitere</translation>
    </message>
</context>
<context>
    <name>Outline</name>
    <message>
        <source>1 field</source>
        <translation>1 Feld</translation>
    </message>
    <message>
        <source>{count} fields</source>
        <translation>{count} Felder</translation>
    </message>
    <message>
        <source>1 item</source>
        <translation>1 Element</translation>
    </message>
    <message>
        <source>{count} items</source>
        <translation>{count} Elemente</translation>
    </message>
</context>
<context>
    <name>OutlineFrame</name>
    <message>
        <source>{count} characters</source>
        <translation>{count} Zeichen</translation>
    </message>
    <message>
        <source>↓ 1 more line below</source>
        <translation>↓ noch 1 Zeile darunter</translation>
    </message>
    <message>
        <source>↓ {count} more lines below</source>
        <translation>↓ noch {count} Zeilen darunter</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>&amp;Servers…</source>
        <translation>&amp;Server…</translation>
    </message>
    <message>
        <source>No call was recorded yet. What your clients call appears here.</source>
        <translation>Noch wurde kein Aufruf aufgezeichnet. Was Ihre Clients aufrufen, erscheint hier.</translation>
    </message>
    <message>
        <source>&amp;Review…</source>
        <translation>Ans&amp;ehen…</translation>
    </message>
    <message>
        <source>All &amp;waiting calls…</source>
        <translation>Alle war&amp;tenden Aufrufe…</translation>
    </message>
    <message>
        <source>&amp;Open the log</source>
        <translation>&amp;Protokoll öffnen</translation>
    </message>
    <message>
        <source>From your &amp;clients…</source>
        <translation>Aus Ihren &amp;Clients…</translation>
    </message>
    <message>
        <source>Recent calls, newest first</source>
        <translation>Letzte Aufrufe, der neueste zuerst</translation>
    </message>
    <message>
        <source>Counts of today</source>
        <translation>Zahlen von heute</translation>
    </message>
    <message>
        <source>Calls in the last 24 hours</source>
        <translation>Aufrufe in den letzten 24 Stunden</translation>
    </message>
    <message>
        <source>Waiting for you</source>
        <translation>Wartet auf Sie</translation>
    </message>
    <message>
        <source>Recent calls</source>
        <translation>Letzte Aufrufe</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
</context>
<context>
    <name>PasteForm</name>
    <message>
        <source>&amp;Name of the selected one:</source>
        <translation>&amp;Name des gewählten:</translation>
    </message>
    <message>
        <source>Tick those that you want.</source>
        <translation>Haken Sie die an, die Sie möchten.</translation>
    </message>
    <message>
        <source>JSON of any client</source>
        <translation>JSON eines beliebigen Clients</translation>
    </message>
    <message>
        <source>Servers found</source>
        <translation>Gefundene Server</translation>
    </message>
    <message>
        <source>Paste what the server&apos;s page tells you to put into a client&apos;s file. Nothing is started by adding it.</source>
        <translation>Fügen Sie ein, was laut der Seite des Servers in die Datei eines Clients gehört. Durch das Hinzufügen wird nichts gestartet.</translation>
    </message>
</context>
<context>
    <name>PastedModel</name>
    <message>
        <source>There is a server of this name already. Give this one another name.</source>
        <translation>Einen Server dieses Namens gibt es schon. Geben Sie diesem einen anderen Namen.</translation>
    </message>
    <message>
        <source>Another one above has this name. Give this one another name.</source>
        <translation>Ein anderer weiter oben hat diesen Namen. Geben Sie diesem einen anderen Namen.</translation>
    </message>
</context>
<context>
    <name>PendingModel</name>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Risk</source>
        <translation>Risiko</translation>
    </message>
    <message>
        <source>Client waits</source>
        <translation>Wartet noch</translation>
    </message>
    <message>
        <source>Closes</source>
        <translation>Schließt</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>Mal</translation>
    </message>
    <message>
        <source>told pending</source>
        <translation>ist informiert</translation>
    </message>
</context>
<context>
    <name>PendingTable</name>
    <message>
        <source>Waiting calls by client, oldest first</source>
        <translation>Wartende Aufrufe nach Client, der älteste zuerst</translation>
    </message>
</context>
<context>
    <name>Presentation</name>
    <message>
        <source>(no arguments)</source>
        <translation>(keine Argumente)</translation>
    </message>
    <message>
        <source>Sent by the client:</source>
        <translation>Vom Client gesendet:</translation>
    </message>
    <message>
        <source>Sent beside the arguments:</source>
        <translation>Neben den Argumenten gesendet:</translation>
    </message>
    <message>
        <source>A client without a name</source>
        <translation>Ein Client ohne Namen</translation>
    </message>
    <message>
        <source>{client} wants to run {tool} on {server}</source>
        <translation>{client} möchte {tool} auf {server} ausführen</translation>
    </message>
    <message>
        <source>Why you are asked: {reason} (rule {rule})</source>
        <translation>Warum Sie gefragt werden: {reason} (Regel {rule})</translation>
    </message>
    <message>
        <source>Why you are asked: no rule names this tool, and the policy asks about such tools.</source>
        <translation>Warum Sie gefragt werden: Keine Regel nennt dieses Werkzeug, und bei solchen wird nachgefragt.</translation>
    </message>
    <message>
        <source>Why you are asked: rule {rule}</source>
        <translation>Warum Sie gefragt werden: Regel {rule}</translation>
    </message>
    <message>
        <source>“{name}” and “{other}”</source>
        <translation>„{name}“ und „{other}“</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>{count} weitere</translation>
    </message>
    <message>
        <source>Names that differ only in case: {names}. Rules tell them apart; some servers do not.</source>
        <translation>Namen, die sich nur in Groß- und Kleinschreibung unterscheiden: {names}. Regeln unterscheiden sie, manche Server nicht.</translation>
    </message>
    <message>
        <source>“{hint}”</source>
        <translation>„{hint}“</translation>
    </message>
    <message>
        <source>{count} more in the details</source>
        <translation>{count} weitere bei den Einzelheiten</translation>
    </message>
    <message>
        <source>Server says: {hints} (unverified)</source>
        <translation>Der Server sagt: {hints} (ungeprüft)</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>nur lesend</translation>
    </message>
    <message>
        <source>not read-only</source>
        <translation>nicht nur lesend</translation>
    </message>
    <message>
        <source>destructive</source>
        <translation>zerstörend</translation>
    </message>
    <message>
        <source>not destructive</source>
        <translation>nicht zerstörend</translation>
    </message>
    <message>
        <source>repeating it changes nothing more</source>
        <translation>Wiederholen ändert nichts weiter</translation>
    </message>
    <message>
        <source>repeating it does it again</source>
        <translation>Wiederholen tut es noch einmal</translation>
    </message>
    <message>
        <source>reaches the outside world</source>
        <translation>wirkt nach außen</translation>
    </message>
    <message>
        <source>stays within its own world</source>
        <translation>bleibt in seiner eigenen Welt</translation>
    </message>
    <message>
        <source>The server describes the tool (unverified):</source>
        <translation>Der Server beschreibt das Werkzeug so (ungeprüft):</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Client calls itself</source>
        <translation>Client nennt sich</translation>
    </message>
    <message>
        <source>Started by process</source>
        <translation>Gestartet von Prozess</translation>
    </message>
    <message>
        <source>Grant</source>
        <translation>Berechtigung</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Reason of the rule</source>
        <translation>Grund der Regel</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>Call digest</source>
        <translation>Prüfsumme des Aufrufs</translation>
    </message>
    <message>
        <source>Tool definition digest</source>
        <translation>Prüfsumme der Werkzeugdefinition</translation>
    </message>
    <message>
        <source>The same call is waiting {count} times.</source>
        <translation>Derselbe Aufruf wartet {count}-mal.</translation>
    </message>
</context>
<context>
    <name>QueueWindow</name>
    <message>
        <source>Approver: waiting calls</source>
        <translation>Approver: wartende Aufrufe</translation>
    </message>
    <message>
        <source>Overview and &amp;log…</source>
        <translation>Übersicht und &amp;Protokoll…</translation>
    </message>
    <message>
        <source>Select a call to see all of it.</source>
        <translation>Wählen Sie einen Aufruf, um ihn ganz zu sehen.</translation>
    </message>
    <message>
        <source>D&amp;eny selected</source>
        <translation>&amp;Gewählte ablehnen</translation>
    </message>
    <message>
        <source>&amp;Review…</source>
        <translation>Ans&amp;ehen…</translation>
    </message>
    <message>
        <source>Deny &amp;all from this client</source>
        <translation>A&amp;lle dieses Clients ablehnen</translation>
    </message>
    <message>
        <source>Deny &amp;all from {client}</source>
        <translation>A&amp;lle von {client} ablehnen</translation>
    </message>
    <message>
        <source>D&amp;eny all {count}</source>
        <translation>Alle {count} able&amp;hnen</translation>
    </message>
</context>
<context>
    <name>QuitQuestion</name>
    <message>
        <source>Quit Approver?</source>
        <translation>Approver beenden?</translation>
    </message>
    <message>
        <source>1 waiting call will be denied.</source>
        <translation>1 wartender Aufruf wird abgelehnt.</translation>
    </message>
    <message>
        <source>{count} waiting calls will be denied.</source>
        <translation>{count} wartende Aufrufe werden abgelehnt.</translation>
    </message>
    <message>
        <source>Until Approver runs again, every call through it is refused.</source>
        <translation>Bis Approver wieder läuft, wird jeder Aufruf darüber zurückgewiesen.</translation>
    </message>
    <message>
        <source>&amp;Deny and quit</source>
        <translation>&amp;Ablehnen und beenden</translation>
    </message>
    <message>
        <source>&amp;Keep running</source>
        <translation>&amp;Weiterlaufen lassen</translation>
    </message>
</context>
<context>
    <name>ReachChooser</name>
    <message>
        <source>Apply to</source>
        <translation>Gilt für</translation>
    </message>
    <message>
        <source>&amp;For</source>
        <translation>&amp;Dauer</translation>
    </message>
    <message>
        <source>Once</source>
        <translation>Einmal</translation>
    </message>
    <message>
        <source>This session</source>
        <translation>Diese Sitzung</translation>
    </message>
    <message>
        <source>Until a time</source>
        <translation>Bis zu einer Uhrzeit</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>&amp;Allow one of {count}</source>
        <translation>Einen von {count} &amp;erlauben</translation>
    </message>
    <message>
        <source>&amp;Deny all {count}</source>
        <translation>Alle {count} &amp;ablehnen</translation>
    </message>
    <message>
        <source>&amp;Allow once</source>
        <translation>Einmal &amp;erlauben</translation>
    </message>
    <message>
        <source>&amp;Deny</source>
        <translation>&amp;Ablehnen</translation>
    </message>
    <message>
        <source>&amp;Allow {calls} {time}</source>
        <translation>{calls} {time} &amp;erlauben</translation>
    </message>
    <message>
        <source>&amp;Deny {calls} {time}</source>
        <translation>{calls} {time} &amp;ablehnen</translation>
    </message>
    <message>
        <source>{answer} (one of {count})</source>
        <translation>{answer} (einen von {count})</translation>
    </message>
    <message>
        <source>{answer} (all {count})</source>
        <translation>{answer} (alle {count})</translation>
    </message>
    <message>
        <source>this call</source>
        <translation>Diesen Aufruf</translation>
    </message>
    <message>
        <source>such calls</source>
        <translation>Solche Aufrufe</translation>
    </message>
    <message>
        <source>this tool</source>
        <translation>Dieses Werkzeug</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>bis {time}</translation>
    </message>
    <message>
        <source>for the session</source>
        <translation>für die Sitzung</translation>
    </message>
    <message>
        <source>always</source>
        <translation>immer</translation>
    </message>
    <message>
        <source>{count} fields</source>
        <translation>{count} Felder</translation>
    </message>
    <message>
        <source>Rule that would be saved: none.</source>
        <translation>Regel, die gespeichert würde: keine.</translation>
    </message>
    <message>
        <source>An approval cannot be remembered: {why}</source>
        <translation>Eine Erlaubnis lässt sich so nicht merken: {why}</translation>
    </message>
    <message>
        <source>If you allow it, this is remembered: {rule}</source>
        <translation>Wenn Sie erlauben, wird gemerkt: {rule}</translation>
    </message>
    <message>
        <source>t&amp;his call</source>
        <translation>d&amp;iesen Aufruf</translation>
    </message>
    <message>
        <source>this tool, &amp;same</source>
        <translation>dieses Werkzeug, &amp;gleiche</translation>
    </message>
    <message>
        <source>this &amp;tool</source>
        <translation>dieses Werk&amp;zeug</translation>
    </message>
    <message>
        <source>Apply to this call, with exactly these arguments</source>
        <translation>Gilt für diesen Aufruf, mit genau diesen Argumenten</translation>
    </message>
    <message>
        <source>Apply to this tool with the ticked fields the same</source>
        <translation>Gilt für dieses Werkzeug, wenn die angehakten Felder gleich sind</translation>
    </message>
    <message>
        <source>Apply to this tool, with any arguments</source>
        <translation>Gilt für dieses Werkzeug, mit beliebigen Argumenten</translation>
    </message>
    <message>
        <source>Fields that must be the same</source>
        <translation>Felder, die gleich sein müssen</translation>
    </message>
    <message>
        <source>For how long</source>
        <translation>Für wie lange</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Rule that would be saved</source>
        <translation>Regel, die gespeichert würde</translation>
    </message>
</context>
<context>
    <name>RememberedMatches</name>
    <message>
        <source>1 call</source>
        <translation>1 Aufruf</translation>
    </message>
    <message>
        <source>{count} calls</source>
        <translation>{count} Aufrufe</translation>
    </message>
</context>
<context>
    <name>RememberedModel</name>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Client (grant)</source>
        <translation>Client (Berechtigung)</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>Argumente</translation>
    </message>
    <message>
        <source>Lasts</source>
        <translation>Gilt</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Gemerkt am</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>Benutzt</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>void</source>
        <translation>hinfällig</translation>
    </message>
    <message>
        <source>allow</source>
        <translation>erlauben</translation>
    </message>
    <message>
        <source>deny</source>
        <translation>ablehnen</translation>
    </message>
    <message>
        <source>this session</source>
        <translation>diese Sitzung</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>{count}×, last {time}</source>
        <translation>{count}×, zuletzt {time}</translation>
    </message>
</context>
<context>
    <name>RememberedPage</name>
    <message>
        <source>&amp;Revoke</source>
        <translation>&amp;Widerrufen</translation>
    </message>
    <message>
        <source>Remembered answers</source>
        <translation>Gemerkte Antworten</translation>
    </message>
    <message>
        <source>Each answers what the rules would ask you about. What the rules deny or limit stays so.</source>
        <translation>Jede beantwortet, wonach die Regeln Sie fragen würden. Was die Regeln ablehnen oder begrenzen, bleibt so.</translation>
    </message>
    <message>
        <source>No answer is remembered. In the dialog, choose “For” to have one stand.</source>
        <translation>Keine Antwort ist gemerkt. Wählen Sie im Dialog eine „Dauer“, damit eine gilt.</translation>
    </message>
    <message>
        <source>{id}: {rule} It would have answered {count} of the last 7 days.</source>
        <translation>{id}: {rule} Das hätte {count} der letzten 7 Tage beantwortet.</translation>
    </message>
    <message>
        <source>{rule} Void: the server has changed what it says of the tool.</source>
        <translation>{rule} Hinfällig: Der Server hat geändert, was er über das Werkzeug sagt.</translation>
    </message>
    <message>
        <source>Such calls are judged by the rules again (Del)</source>
        <translation>Solche Aufrufe werden wieder nach den Regeln beurteilt (Entf)</translation>
    </message>
</context>
<context>
    <name>RemoveQuestion</name>
    <message>
        <source>&amp;Keep it</source>
        <translation>&amp;Behalten</translation>
    </message>
</context>
<context>
    <name>RuleFields</name>
    <message>
        <source>Another &amp;condition</source>
        <translation>Noch eine &amp;Bedingung</translation>
    </message>
    <message>
        <source>No condition: it always holds.</source>
        <translation>Keine Bedingung: Sie gilt immer.</translation>
    </message>
    <message>
        <source>Tell the &amp;person why:</source>
        <translation>Dem &amp;Menschen sagen, warum:</translation>
    </message>
    <message>
        <source>Tell the &amp;agent why:</source>
        <translation>Dem &amp;Agenten sagen, warum:</translation>
    </message>
    <message>
        <source>What becomes of the call</source>
        <translation>Was aus dem Aufruf wird</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>freiwillig</translation>
    </message>
</context>
<context>
    <name>RuleWords</name>
    <message>
        <source>{rule} — “{message}”</source>
        <translation>{rule} — „{message}“</translation>
    </message>
    <message>
        <source>is</source>
        <translation>ist</translation>
    </message>
    <message>
        <source>is not</source>
        <translation>ist nicht</translation>
    </message>
    <message>
        <source>is less than</source>
        <translation>ist kleiner als</translation>
    </message>
    <message>
        <source>is at most</source>
        <translation>ist höchstens</translation>
    </message>
    <message>
        <source>is more than</source>
        <translation>ist größer als</translation>
    </message>
    <message>
        <source>is at least</source>
        <translation>ist mindestens</translation>
    </message>
    <message>
        <source>is one of</source>
        <translation>ist eins von</translation>
    </message>
    <message>
        <source>is none of</source>
        <translation>ist keins von</translation>
    </message>
    <message>
        <source>is given</source>
        <translation>ist angegeben</translation>
    </message>
    <message>
        <source>matches</source>
        <translation>passt auf</translation>
    </message>
    <message>
        <source>contains</source>
        <translation>enthält</translation>
    </message>
    <message>
        <source>Deny when</source>
        <translation>Ablehnen, wenn</translation>
    </message>
    <message>
        <source>Deny unless</source>
        <translation>Ablehnen, außer wenn</translation>
    </message>
    <message>
        <source>Ask when</source>
        <translation>Nachfragen, wenn</translation>
    </message>
    <message>
        <source>minute</source>
        <translation>Minute</translation>
    </message>
    <message>
        <source>hour</source>
        <translation>Stunde</translation>
    </message>
    <message>
        <source>day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>Always deny</source>
        <translation>Immer ablehnen</translation>
    </message>
    <message>
        <source>Needs nothing</source>
        <translation>Verlangt nichts</translation>
    </message>
    <message>
        <source>Always ask</source>
        <translation>Immer nachfragen</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source>{name} is given</source>
        <translation>{name} ist angegeben</translation>
    </message>
    <message>
        <source>{name} is not given</source>
        <translation>{name} ist nicht angegeben</translation>
    </message>
    <message>
        <source>At most {max} of {name} per {window}</source>
        <translation>Höchstens {max} von {name} je {window}</translation>
    </message>
    <message>
        <source>At most {max} per {window}, each call counts {increment}</source>
        <translation>Höchstens {max} je {window}, jeder Aufruf zählt {increment}</translation>
    </message>
    <message>
        <source>At most {max} calls per {window}</source>
        <translation>Höchstens {max} Aufrufe je {window}</translation>
    </message>
    <message>
        <source>{limit}, of all clients together</source>
        <translation>{limit}, von allen Clients zusammen</translation>
    </message>
    <message>
        <source>{limit} (counter {counter})</source>
        <translation>{limit} (Zähler {counter})</translation>
    </message>
</context>
<context>
    <name>Rules</name>
    <message>
        <source>{policy}, for the grant {grants}</source>
        <translation>{policy}, für die Berechtigung {grants}</translation>
    </message>
    <message>
        <source>Not listed</source>
        <translation>Nicht aufgeführt</translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>Erlauben</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Nachfragen</translation>
    </message>
    <message>
        <source>Deny</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>Custom…</source>
        <translation>Eigene…</translation>
    </message>
    <message>
        <source>Not applied yet. {in_force}</source>
        <translation>Noch nicht angewendet. {in_force}</translation>
    </message>
    <message>
        <source>1 mistake. {in_force}</source>
        <translation>1 Fehler. {in_force}</translation>
    </message>
    <message>
        <source>{count} mistakes. {in_force}</source>
        <translation>{count} Fehler. {in_force}</translation>
    </message>
    <message>
        <source>There are no rules yet, so every call is denied.</source>
        <translation>Es gibt noch keine Regeln, daher wird jeder Aufruf abgelehnt.</translation>
    </message>
    <message>
        <source>The file does not load: the rules before it stay in force, or every call is denied.</source>
        <translation>Die Datei lässt sich nicht laden: Die Regeln davor gelten weiter, oder jeder Aufruf wird abgelehnt.</translation>
    </message>
    <message>
        <source>The rules saved at {time} stay in force.</source>
        <translation>Die um {time} gespeicherten Regeln gelten weiter.</translation>
    </message>
    <message>
        <source>The rules saved at {time} are in force.</source>
        <translation>Die um {time} gespeicherten Regeln gelten.</translation>
    </message>
</context>
<context>
    <name>RulesModel</name>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Risk</source>
        <translation>Risiko</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 Tage</translation>
    </message>
    <message>
        <source>matches 1 tool</source>
        <translation>passt auf 1 Werkzeug</translation>
    </message>
    <message>
        <source>matches {count} tools</source>
        <translation>passt auf {count} Werkzeuge</translation>
    </message>
    <message>
        <source>as {glob}</source>
        <translation>wie {glob}</translation>
    </message>
    <message>
        <source>Hide, by {glob}</source>
        <translation>Verbergen, nach {glob}</translation>
    </message>
    <message>
        <source>as in the text</source>
        <translation>wie im Text</translation>
    </message>
</context>
<context>
    <name>RulesOfTool</name>
    <message>
        <source>Add &amp;rule…</source>
        <translation>&amp;Regel hinzufügen…</translation>
    </message>
    <message>
        <source>Add li&amp;mit…</source>
        <translation>&amp;Grenze hinzufügen…</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>&amp;Bearbeiten…</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>A rule for {tool}</source>
        <translation>Eine Regel für {tool}</translation>
    </message>
    <message>
        <source>A limit for {tool}</source>
        <translation>Eine Grenze für {tool}</translation>
    </message>
    <message>
        <source>The rules changed meanwhile. Close this form and open it again.</source>
        <translation>Die Regeln haben sich inzwischen geändert. Schließen Sie dieses Formular, und öffnen Sie es neu.</translation>
    </message>
    <message>
        <source>Select a tool to see its rules one by one.</source>
        <translation>Wählen Sie ein Werkzeug, um seine Regeln einzeln zu sehen.</translation>
    </message>
    <message>
        <source>Rules of {tool}</source>
        <translation>Regeln von {tool}</translation>
    </message>
    <message>
        <source>{tool} is not listed, and so denied; a rule lists it</source>
        <translation>{tool} ist nicht aufgeführt und wird daher abgelehnt; eine Regel führt es auf</translation>
    </message>
    <message>
        <source>{tool} is hidden, and denied whatever its rules say</source>
        <translation>{tool} ist verborgen und wird abgelehnt, was seine Regeln auch sagen</translation>
    </message>
    <message>
        <source>{tool} has no rules of its own</source>
        <translation>{tool} hat keine eigenen Regeln</translation>
    </message>
    <message>
        <source>Rules and limits of the chosen tool</source>
        <translation>Regeln und Grenzen des gewählten Werkzeugs</translation>
    </message>
</context>
<context>
    <name>RulesPage</name>
    <message>
        <source>&amp;Apply</source>
        <translation>&amp;Anwenden</translation>
    </message>
    <message>
        <source>&amp;Discard changes</source>
        <translation>Änderungen &amp;verwerfen</translation>
    </message>
    <message>
        <source>Rules of {server}, as JSON</source>
        <translation>Regeln von {server}, als JSON</translation>
    </message>
    <message>
        <source>among {count}</source>
        <translation>unter {count}</translation>
    </message>
    <message>
        <source>No rule can be made for {server} now: it is gone, or its rules have mistakes.</source>
        <translation>Für {server} lässt sich jetzt keine Regel machen: Es gibt ihn nicht mehr, oder seine Regeln haben Fehler.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}.</source>
        <translation>{path} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>There is no server yet. Add one first; its rules are written here.</source>
        <translation>Es gibt noch keinen Server. Fügen Sie zuerst einen hinzu; seine Regeln werden hier geschrieben.</translation>
    </message>
    <message>
        <source>Mistakes in the rules</source>
        <translation>Fehler in den Regeln</translation>
    </message>
    <message>
        <source>Ctrl+S</source>
        <translation>Strg+S</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Deny</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Nachfragen</translation>
    </message>
    <message>
        <source>Allow</source>
        <translation>Erlauben</translation>
    </message>
    <message>
        <source>&amp;Find:</source>
        <translation>Su&amp;chen:</translation>
    </message>
    <message>
        <source>&amp;Server:</source>
        <translation>&amp;Server:</translation>
    </message>
    <message>
        <source>&amp;Tools not listed:</source>
        <translation>Nicht aufgeführte &amp;Werkzeuge:</translation>
    </message>
</context>
<context>
    <name>RulesTable</name>
    <message>
        <source>Rules of each tool</source>
        <translation>Regeln jedes Werkzeugs</translation>
    </message>
</context>
<context>
    <name>RulesTrial</name>
    <message>
        <source>Tr&amp;y it</source>
        <translation>Aus&amp;probieren</translation>
    </message>
    <message>
        <source>S&amp;how</source>
        <translation>&amp;Zeigen</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Wird ausprobiert…</translation>
    </message>
    <message>
        <source>See which of the last {count} calls would change</source>
        <translation>Zeigt, welche der letzten {count} Aufrufe anders ausgingen</translation>
    </message>
    <message>
        <source>Calls that would change</source>
        <translation>Aufrufe, die anders ausgingen</translation>
    </message>
</context>
<context>
    <name>Rung</name>
    <message>
        <source>Only the tray&apos;s badge</source>
        <translation>Nur das Zeichen in der Leiste</translation>
    </message>
    <message>
        <source>A notification</source>
        <translation>Eine Benachrichtigung</translation>
    </message>
    <message>
        <source>A notification and the window</source>
        <translation>Eine Benachrichtigung und das Fenster</translation>
    </message>
    <message>
        <source>Notification, window and a sound</source>
        <translation>Benachrichtigung, Fenster und ein Ton</translation>
    </message>
</context>
<context>
    <name>SchemaCheck</name>
    <message>
        <source>What the server says of the arguments is too large to check by.</source>
        <translation>Was der Server über die Argumente sagt, ist zu groß, um danach zu prüfen.</translation>
    </message>
    <message>
        <source>What the server says of the arguments is faulty: not checked.</source>
        <translation>Was der Server über die Argumente sagt, ist fehlerhaft: nicht geprüft.</translation>
    </message>
    <message>
        <source>Not checked, of the server&apos;s description: {rules}.</source>
        <translation>Nicht geprüft, aus der Beschreibung des Servers: {rules}.</translation>
    </message>
    <message>
        <source>must be one of {values}</source>
        <translation>muss eins von {values} sein</translation>
    </message>
    <message>
        <source>is missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>is not known to the tool</source>
        <translation>kennt das Werkzeug nicht</translation>
    </message>
    <message>
        <source>must be {value}</source>
        <translation>muss {value} sein</translation>
    </message>
    <message>
        <source>must be at least {value}</source>
        <translation>muss mindestens {value} sein</translation>
    </message>
    <message>
        <source>must be at most {value}</source>
        <translation>muss höchstens {value} sein</translation>
    </message>
    <message>
        <source>must be more than {value}</source>
        <translation>muss größer als {value} sein</translation>
    </message>
    <message>
        <source>must be less than {value}</source>
        <translation>muss kleiner als {value} sein</translation>
    </message>
    <message>
        <source>must be a multiple of {value}</source>
        <translation>muss ein Vielfaches von {value} sein</translation>
    </message>
    <message>
        <source>must have at least {value} characters</source>
        <translation>muss mindestens {value} Zeichen haben</translation>
    </message>
    <message>
        <source>must have at most {value} characters</source>
        <translation>darf höchstens {value} Zeichen haben</translation>
    </message>
    <message>
        <source>must have at least {value} elements</source>
        <translation>muss mindestens {value} Elemente haben</translation>
    </message>
    <message>
        <source>must have at most {value} elements</source>
        <translation>darf höchstens {value} Elemente haben</translation>
    </message>
    <message>
        <source>does not match the pattern {value}</source>
        <translation>passt nicht auf das Muster {value}</translation>
    </message>
    <message>
        <source>has an element twice</source>
        <translation>enthält ein Element zweimal</translation>
    </message>
    <message>
        <source>fits none of the forms that the tool takes</source>
        <translation>passt auf keine der Formen, die das Werkzeug annimmt</translation>
    </message>
    <message>
        <source>fits not exactly one of the forms that the tool takes</source>
        <translation>passt nicht auf genau eine der Formen, die das Werkzeug annimmt</translation>
    </message>
    <message>
        <source>does not fit what the tool takes ({keyword})</source>
        <translation>passt nicht zu dem, was das Werkzeug annimmt ({keyword})</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>null</source>
        <translation>null</translation>
    </message>
    <message>
        <source>must be {kinds}</source>
        <translation>muss {kinds} sein</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
</context>
<context>
    <name>SecretDialog</name>
    <message>
        <source>Keep a secret - Approver</source>
        <translation>Ein Geheimnis aufbewahren - Approver</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>&amp;Aufbewahren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Nothing was stored: {mistake}.</source>
        <translation>Nichts wurde gespeichert: {mistake}.</translation>
    </message>
    <message>
        <source>Nothing was stored: the value is empty.</source>
        <translation>Nichts wurde gespeichert: Der Wert ist leer.</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>&amp;Value:</source>
        <translation>&amp;Wert:</translation>
    </message>
    <message>
        <source>The value goes into the system&apos;s keyring and is never shown again. Servers name it as ${…}.</source>
        <translation>Der Wert kommt in den Schlüsselbund des Systems und wird nie wieder gezeigt. Server nennen ihn als ${…}.</translation>
    </message>
</context>
<context>
    <name>SecretsModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Used by</source>
        <translation>Benutzt von</translation>
    </message>
    <message>
        <source>keyring</source>
        <translation>Schlüsselbund</translation>
    </message>
    <message>
        <source>environment variable</source>
        <translation>Umgebungsvariable</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>aufbewahrt</translation>
    </message>
    <message>
        <source>there</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>cannot be told now</source>
        <translation>jetzt nicht festzustellen</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>nicht verwendbar</translation>
    </message>
</context>
<context>
    <name>SecretsPage</name>
    <message>
        <source>Secrets</source>
        <translation>Geheimnisse</translation>
    </message>
    <message>
        <source>Keys and passwords belong into the system&apos;s keyring. Approver never shows them again.</source>
        <translation>Schlüssel und Passwörter gehören in den Schlüsselbund des Systems. Approver zeigt sie nie wieder.</translation>
    </message>
    <message>
        <source>Keep them in &amp;plain text, in a file that only you may read</source>
        <translation>Als &amp;Klartext aufbewahren, in einer Datei, die nur Sie lesen dürfen</translation>
    </message>
    <message>
        <source>Leave them &amp;out: my login shell sets these variables</source>
        <translation>Weg&amp;lassen: Meine Login-Shell setzt diese Variablen</translation>
    </message>
    <message>
        <source>How to get one: install GNOME Keyring or KWallet with your system&apos;s software, log in anew, look again. Or choose something else for the secrets of these servers:</source>
        <translation>So bekommen Sie einen: Installieren Sie GNOME Keyring oder KWallet mit der Softwareverwaltung Ihres Systems, melden Sie sich neu an, sehen Sie noch einmal nach. Oder wählen Sie für die Geheimnisse dieser Server etwas anderes:</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Neu nachsehen</translation>
    </message>
    <message>
        <source>Looking at the keyring…</source>
        <translation>Der Schlüsselbund wird angesehen…</translation>
    </message>
    <message>
        <source>None of the servers that you chose has a secret to be kept.</source>
        <translation>Keiner der gewählten Server hat ein Geheimnis, das aufzubewahren wäre.</translation>
    </message>
    <message>
        <source>Nobody has told these yet. What you leave empty can be told later: approver secret set NAME</source>
        <translation>Diese hat noch niemand angegeben. Was Sie leer lassen, lässt sich später angeben: approver secret set NAME</translation>
    </message>
    <message>
        <source>Everything that is to be kept is known.</source>
        <translation>Alles, was aufzubewahren ist, ist bekannt.</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Hinzufügen…</translation>
    </message>
    <message>
        <source>R&amp;eplace…</source>
        <translation>&amp;Ersetzen…</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>&amp;Löschen…</translation>
    </message>
    <message>
        <source>&amp;Check again</source>
        <translation>Neu &amp;prüfen</translation>
    </message>
    <message>
        <source>Kept “{name}”. Servers name it as {reference}.</source>
        <translation>„{name}“ wird aufbewahrt. Server nennen es als {reference}.</translation>
    </message>
    <message>
        <source>Delete the secret “{name}”?</source>
        <translation>Das Geheimnis „{name}“ löschen?</translation>
    </message>
    <message>
        <source>These servers use it and will not start without it: {servers}.</source>
        <translation>Diese Server benutzen es und starten ohne es nicht: {servers}.</translation>
    </message>
    <message>
        <source>No server uses it.</source>
        <translation>Kein Server benutzt es.</translation>
    </message>
    <message>
        <source>&amp;Delete it</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Deleted “{name}”.</source>
        <translation>„{name}“ gelöscht.</translation>
    </message>
    <message>
        <source>Asking the keyring…</source>
        <translation>Der Schlüsselbund wird gefragt…</translation>
    </message>
    <message>
        <source>&amp;Unlock…</source>
        <translation>En&amp;tsperren…</translation>
    </message>
    <message>
        <source>No secret is kept, and no server names one. Add what your servers need: keys, tokens, passwords.</source>
        <translation>Kein Geheimnis wird aufbewahrt, und kein Server nennt eines. Fügen Sie hinzu, was Ihre Server brauchen: Schlüssel, Tokens, Passwörter.</translation>
    </message>
    <message>
        <source>Without a keyring there are two other ways. Approver takes neither by itself.</source>
        <translation>Ohne Schlüsselbund gibt es zwei andere Wege. Approver geht keinen davon von selbst.</translation>
    </message>
    <message>
        <source>An environment variable: start Approver with it, and write {reference} as the value.</source>
        <translation>Eine Umgebungsvariable: Starten Sie Approver mit ihr, und schreiben Sie {reference} als Wert.</translation>
    </message>
    <message>
        <source>A file that only you can read (chmod 600): write the value into it, and {reference} as the value. Approver refuses a file that others can read. It is plain text on your disk.</source>
        <translation>Eine Datei, die nur Sie lesen können (chmod 600): Schreiben Sie den Wert hinein, und {reference} als Wert. Eine Datei, die andere lesen können, verwendet Approver nicht. Der Wert steht dann als Klartext auf Ihrer Platte.</translation>
    </message>
</context>
<context>
    <name>ServerDetails</name>
    <message>
        <source>The exact command, or the address</source>
        <translation>Der genaue Befehl oder die Adresse</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>It is reached at</source>
        <translation>Erreicht wird er unter</translation>
    </message>
    <message>
        <source>It is started with</source>
        <translation>Gestartet wird er mit</translation>
    </message>
    <message>
        <source>in the folder {folder}</source>
        <translation>im Ordner {folder}</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>Kopfzeilen</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>Variablen</translation>
    </message>
    <message>
        <source>Value of {name}</source>
        <translation>Wert von {name}</translation>
    </message>
    <message>
        <source>Move to keyring</source>
        <translation>In den Schlüsselbund</translation>
    </message>
    <message>
        <source>Move {name} to the keyring</source>
        <translation>{name} in den Schlüsselbund verschieben</translation>
    </message>
    <message>
        <source>The value goes into the system&apos;s keyring; servers.json only refers to it then.</source>
        <translation>Der Wert kommt in den Schlüsselbund des Systems; servers.json verweist dann nur noch darauf.</translation>
    </message>
</context>
<context>
    <name>ServerDialog</name>
    <message>
        <source>Ask &amp;me about each call until I write rules</source>
        <translation>Nach jedem Aufruf &amp;fragen, bis ich Regeln schreibe</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Add a server - Approver</source>
        <translation>Einen Server hinzufügen - Approver</translation>
    </message>
    <message>
        <source>Edit {server} - Approver</source>
        <translation>{server} bearbeiten - Approver</translation>
    </message>
    <message>
        <source>&amp;Add {count} servers</source>
        <translation>{count} Server &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Without rules every call is denied.</source>
        <translation>Ohne Regeln wird jeder Aufruf abgelehnt.</translation>
    </message>
    <message>
        <source>&amp;Paste JSON</source>
        <translation>&amp;JSON einfügen</translation>
    </message>
    <message>
        <source>By c&amp;ommand</source>
        <translation>Mit B&amp;efehl</translation>
    </message>
    <message>
        <source>By a&amp;ddress</source>
        <translation>Mit A&amp;dresse</translation>
    </message>
</context>
<context>
    <name>ServerForm</name>
    <message>
        <source>Rules, grants and the log go by the name, so it stays.</source>
        <translation>Regeln, Berechtigungen und Protokoll richten sich nach dem Namen; deshalb bleibt er.</translation>
    </message>
    <message>
        <source>your home folder</source>
        <translation>Ihr Benutzerordner</translation>
    </message>
    <message>
        <source>&amp;Command:</source>
        <translation>&amp;Befehl:</translation>
    </message>
    <message>
        <source>Add&amp;ress:</source>
        <translation>Ad&amp;resse:</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>&amp;Variables:</source>
        <translation>&amp;Variablen:</translation>
    </message>
    <message>
        <source>&amp;Headers:</source>
        <translation>&amp;Kopfzeilen:</translation>
    </message>
    <message>
        <source>&amp;Folder to start in:</source>
        <translation>Ordner zum S&amp;tarten:</translation>
    </message>
    <message>
        <source>One header a line, NAME: VALUE. Where the server wants a login of yours, leave Authorization out and log in after adding it. ${keyring:NAME} is filled in from the keyring.</source>
        <translation>Eine Kopfzeile je Zeile, NAME: WERT. Verlangt der Server eine Anmeldung von Ihnen, lassen Sie Authorization weg, und melden Sie sich nach dem Hinzufügen an. ${keyring:NAME} wird aus dem Schlüsselbund eingesetzt.</translation>
    </message>
    <message>
        <source>The command is run as it stands, without a shell. One variable a line, NAME=VALUE; ${keyring:NAME} is filled in from the keyring when the server starts.</source>
        <translation>Der Befehl wird ausgeführt, wie er dasteht, ohne Shell. Eine Variable je Zeile, NAME=WERT; ${keyring:NAME} wird beim Start des Servers aus dem Schlüsselbund eingesetzt.</translation>
    </message>
</context>
<context>
    <name>ServerLogin</name>
    <message>
        <source>&amp;Log in…</source>
        <translation>An&amp;melden…</translation>
    </message>
    <message>
        <source>Log ou&amp;t</source>
        <translation>Abme&amp;lden</translation>
    </message>
    <message>
        <source>&amp;Give up</source>
        <translation>Au&amp;fgeben</translation>
    </message>
    <message>
        <source>&amp;Copy the link</source>
        <translation>&amp;Link kopieren</translation>
    </message>
    <message>
        <source>Asking the server where to log in…</source>
        <translation>Der Server wird gefragt, wo man sich anmeldet…</translation>
    </message>
    <message>
        <source>Log in in your browser. If it does not open, copy this link into it:</source>
        <translation>Melden Sie sich in Ihrem Browser an. Öffnet er sich nicht, kopieren Sie diesen Link hinein:</translation>
    </message>
    <message>
        <source>Asking the keyring for the login…</source>
        <translation>Der Schlüsselbund wird nach der Anmeldung gefragt…</translation>
    </message>
    <message>
        <source>The headers hold an Authorization, so no login is needed.</source>
        <translation>Die Kopfzeilen enthalten Authorization; eine Anmeldung ist daher nicht nötig.</translation>
    </message>
    <message>
        <source>You are logged in; the login is kept in the keyring.</source>
        <translation>Sie sind angemeldet; die Anmeldung liegt im Schlüsselbund.</translation>
    </message>
    <message>
        <source>You are logged in until Approver ends.</source>
        <translation>Sie sind angemeldet, bis Approver endet.</translation>
    </message>
    <message>
        <source>You are not logged in. Not every server wants it: try it without.</source>
        <translation>Sie sind nicht angemeldet. Nicht jeder Server verlangt es: Versuchen Sie es ohne.</translation>
    </message>
    <message>
        <source>The link to log in with</source>
        <translation>Der Link zum Anmelden</translation>
    </message>
</context>
<context>
    <name>ServerOutput</name>
    <message>
        <source>The server&apos;s log</source>
        <translation>Das Protokoll des Servers</translation>
    </message>
    <message>
        <source>It has printed nothing yet: it was not started since it was added.</source>
        <translation>Er hat noch nichts ausgegeben: Seit dem Hinzufügen wurde er nicht gestartet.</translation>
    </message>
    <message>
        <source>The log cannot be read: {reason}.</source>
        <translation>Das Protokoll kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>What the server printed beside the protocol, and when it came and went.</source>
        <translation>Was der Server außerhalb von MCP ausgab, und wann er kam und ging.</translation>
    </message>
</context>
<context>
    <name>ServerTrial</name>
    <message>
        <source>Tools of the server</source>
        <translation>Werkzeuge des Servers</translation>
    </message>
    <message>
        <source>&amp;Test the start</source>
        <translation>&amp;Start testen</translation>
    </message>
    <message>
        <source>S&amp;top the test</source>
        <translation>Test &amp;anhalten</translation>
    </message>
    <message>
        <source>Another server is being tested: {server}.</source>
        <translation>Ein anderer Server wird gerade getestet: {server}.</translation>
    </message>
    <message>
        <source>Starts the server as a client would, asks it for its tools, and ends it again. No tool is called.</source>
        <translation>Startet den Server, wie ein Client es täte, fragt ihn nach seinen Werkzeugen und beendet ihn wieder. Kein Werkzeug wird aufgerufen.</translation>
    </message>
    <message>
        <source>Ending it…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <source>Waiting for the server&apos;s answer…</source>
        <translation>Warten auf die Antwort des Servers…</translation>
    </message>
    <message>
        <source>You stopped the test.</source>
        <translation>Sie haben den Test angehalten.</translation>
    </message>
    <message>
        <source>It works. It calls itself {name}, speaks MCP {revision} and has 1 tool. ({seconds} s)</source>
        <translation>Er funktioniert. Er nennt sich {name}, spricht MCP {revision} und hat 1 Werkzeug. ({seconds} s)</translation>
    </message>
    <message>
        <source>It works. It calls itself {name}, speaks MCP {revision} and has {count} tools. ({seconds} s)</source>
        <translation>Er funktioniert. Er nennt sich {name}, spricht MCP {revision} und hat {count} Werkzeuge. ({seconds} s)</translation>
    </message>
    <message>
        <source>What the server prints</source>
        <translation>Was der Server ausgibt</translation>
    </message>
</context>
<context>
    <name>ServersModel</name>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>not reached</source>
        <translation>nicht erreicht</translation>
    </message>
    <message>
        <source>did not start, or ended</source>
        <translation>nicht gestartet oder beendet</translation>
    </message>
    <message>
        <source>1 client</source>
        <translation>1 Client</translation>
    </message>
    <message>
        <source>{count} clients</source>
        <translation>{count} Clients</translation>
    </message>
    <message>
        <source>no client, runs elsewhere</source>
        <translation>kein Client, läuft anderswo</translation>
    </message>
    <message>
        <source>no client, so it rests</source>
        <translation>kein Client, daher ruht er</translation>
    </message>
</context>
<context>
    <name>ServersPage</name>
    <message>
        <source>Their servers</source>
        <translation>Deren Server</translation>
    </message>
    <message>
        <source>Approver will start each of these exactly as it stands here. Take over only what you know.</source>
        <translation>Approver wird jeden von ihnen genau so starten, wie er hier steht. Übernehmen Sie nur, was Sie kennen.</translation>
    </message>
    <message>
        <source>{server}, from {client}</source>
        <translation>{server}, von {client}</translation>
    </message>
    <message>
        <source>It goes through Approver already.</source>
        <translation>Er läuft schon über Approver.</translation>
    </message>
    <message>
        <source>What Approver starts for {server}</source>
        <translation>Was Approver für {server} startet</translation>
    </message>
    <message>
        <source>Move {variable} into the keyring</source>
        <translation>{variable} in den Schlüsselbund verschieben</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Hinzufügen…</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>&amp;Bearbeiten…</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Entfernen…</translation>
    </message>
    <message>
        <source>R&amp;ules…</source>
        <translation>&amp;Regeln…</translation>
    </message>
    <message>
        <source>Added {servers}.</source>
        <translation>{servers} hinzugefügt.</translation>
    </message>
    <message>
        <source>There are no rules yet for {servers}: every call is denied.</source>
        <translation>Für {servers} gibt es noch keine Regeln: Jeder Aufruf wird abgelehnt.</translation>
    </message>
    <message>
        <source>Saved. Clients that connect from now on get the server as it is now.</source>
        <translation>Gespeichert. Clients, die sich von jetzt an verbinden, bekommen den Server, wie er jetzt ist.</translation>
    </message>
    <message>
        <source>Remove the server “{server}”?</source>
        <translation>Den Server „{server}“ entfernen?</translation>
    </message>
    <message>
        <source>&amp;Remove it</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>No client is connected to it now.</source>
        <translation>Zurzeit ist kein Client mit ihm verbunden.</translation>
    </message>
    <message>
        <source>1 client is connected to it now.</source>
        <translation>Zurzeit ist 1 Client mit ihm verbunden.</translation>
    </message>
    <message>
        <source>{count} clients are connected to it now.</source>
        <translation>Zurzeit sind {count} Clients mit ihm verbunden.</translation>
    </message>
    <message>
        <source>Clients over HTTP lose it at once, others when they disconnect.</source>
        <translation>Clients über HTTP verlieren ihn sofort, andere, wenn sie sich trennen.</translation>
    </message>
    <message>
        <source>Its rules, its grants and the log stay, in case it comes back.</source>
        <translation>Seine Regeln, seine Berechtigungen und das Protokoll bleiben, falls er zurückkommt.</translation>
    </message>
    <message>
        <source>Your login there is forgotten.</source>
        <translation>Ihre Anmeldung dort wird vergessen.</translation>
    </message>
    <message>
        <source>Removed “{server}”.</source>
        <translation>„{server}“ entfernt.</translation>
    </message>
    <message>
        <source>Asking the keyring…</source>
        <translation>Der Schlüsselbund wird gefragt…</translation>
    </message>
    <message>
        <source>It is in the keyring now, as “{name}”; servers.json only refers to it.</source>
        <translation>Der Wert liegt jetzt im Schlüsselbund, als „{name}“; servers.json verweist nur noch darauf.</translation>
    </message>
    <message>
        <source>There is no server yet. Add one: paste what its page tells you to put into a client&apos;s file.</source>
        <translation>Es gibt noch keinen Server. Fügen Sie einen hinzu: Fügen Sie ein, was laut seiner Seite in die Datei eines Clients gehört.</translation>
    </message>
    <message>
        <source>&amp;How it is reached</source>
        <translation>Errei&amp;chbarkeit</translation>
    </message>
    <message>
        <source>Te&amp;st</source>
        <translation>&amp;Test</translation>
    </message>
    <message>
        <source>L&amp;og</source>
        <translation>&amp;Protokoll</translation>
    </message>
</context>
<context>
    <name>ServersTable</name>
    <message>
        <source>No server is configured yet. Take over those of your clients, or add one.</source>
        <translation>Noch ist kein Server eingerichtet. Übernehmen Sie die Ihrer Clients, oder fügen Sie einen hinzu.</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>What is wrong with servers</source>
        <translation>Was bei Servern nicht stimmt</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Approver cannot work</source>
        <translation>Approver kann nicht arbeiten</translation>
    </message>
    <message>
        <source>Approver cannot work, so every call through it is denied.</source>
        <translation>Approver kann nicht arbeiten, daher wird jeder Aufruf darüber abgelehnt.</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
</context>
<context>
    <name>Standing</name>
    <message>
        <source>You had allowed this ({id}, {time}), but the server has changed what it says of the tool since. So that approval is void, and you are asked again.</source>
        <translation>Sie hatten das erlaubt ({id}, {time}), aber der Server hat seither geändert, was er über das Werkzeug sagt. Diese Erlaubnis ist daher hinfällig, und Sie werden wieder gefragt.</translation>
    </message>
    <message>
        <source>Nothing that is kept of it differs; what differs is in other parts of it.</source>
        <translation>Nichts, was davon aufbewahrt ist, hat sich geändert; geändert haben sich andere Teile.</translation>
    </message>
    <message>
        <source>A client without a name</source>
        <translation>Ein Client ohne Namen</translation>
    </message>
    <message>
        <source>{client} may run {tool} on {server} {arguments}, {lifetime}.</source>
        <translation>{client} darf {tool} auf {server} {arguments} ausführen, {lifetime}.</translation>
    </message>
    <message>
        <source>{client} may not run {tool} on {server} {arguments}, {lifetime}.</source>
        <translation>{client} darf {tool} auf {server} {arguments} nicht ausführen, {lifetime}.</translation>
    </message>
    <message>
        <source>with any arguments</source>
        <translation>mit beliebigen Argumenten</translation>
    </message>
    <message>
        <source>with exactly these arguments</source>
        <translation>mit genau diesen Argumenten</translation>
    </message>
    <message>
        <source>where {fields}</source>
        <translation>mit {fields}</translation>
    </message>
    <message>
        <source>{field} is {value}</source>
        <translation>{field} gleich {value}</translation>
    </message>
    <message>
        <source>until this client disconnects</source>
        <translation>bis dieser Client die Verbindung trennt</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>bis {time}</translation>
    </message>
    <message>
        <source>always</source>
        <translation>immer</translation>
    </message>
</context>
<context>
    <name>StandstillMenu</name>
    <message>
        <source>&amp;Pause asking</source>
        <translation>&amp;Nachfragen pausieren</translation>
    </message>
    <message>
        <source>&amp;Deny everything</source>
        <translation>&amp;Alles ablehnen</translation>
    </message>
    <message>
        <source>&amp;Resume: judge calls by the rules, and ask, again</source>
        <translation>&amp;Weitermachen: nach Regeln beurteilen und wieder nachfragen</translation>
    </message>
    <message>
        <source>For &amp;15 minutes</source>
        <translation>Für &amp;15 Minuten</translation>
    </message>
    <message>
        <source>For &amp;1 hour</source>
        <translation>Für &amp;1 Stunde</translation>
    </message>
    <message>
        <source>&amp;Until I resume</source>
        <translation>&amp;Bis ich weitermache</translation>
    </message>
</context>
<context>
    <name>StartRulesPage</name>
    <message>
        <source>Rules to begin with</source>
        <translation>Regeln für den Anfang</translation>
    </message>
    <message>
        <source>You can change them at any time, tool by tool, on the page Rules.</source>
        <translation>Sie können sie jederzeit ändern, Werkzeug für Werkzeug, auf der Seite „Regeln“.</translation>
    </message>
    <message>
        <source>&amp;Ask about anything that is not marked safe</source>
        <translation>Bei allem &amp;nachfragen, was nicht als sicher gilt</translation>
    </message>
    <message>
        <source>&amp;Watch only, for a week</source>
        <translation>Nur z&amp;usehen, eine Woche lang</translation>
    </message>
    <message>
        <source>Safe is a tool whose name says that it only reads, by Approver&apos;s own list of words.</source>
        <translation>Sicher ist ein Werkzeug, dessen Name sagt, dass es nur liest, nach Approvers eigener Wortliste.</translation>
    </message>
    <message>
        <source>Everything runs and is written down until {day}. After that day Approver asks, as above.</source>
        <translation>Bis {day} läuft alles und wird aufgeschrieben. Nach diesem Tag fragt Approver nach, wie oben.</translation>
    </message>
    <message>
        <source>To count, and to know which tools are safe, Approver has to start the servers once and ask them. You may leave that out: then it asks about every tool.</source>
        <translation>Um zu zählen und um zu wissen, welche Werkzeuge sicher sind, muss Approver die Server einmal starten und fragen. Sie können das auslassen: Dann wird bei jedem Werkzeug nachgefragt.</translation>
    </message>
    <message>
        <source>Asking the servers…</source>
        <translation>Die Server werden gefragt…</translation>
    </message>
    <message>
        <source>&amp;Start the servers and list their tools</source>
        <translation>&amp;Server starten und ihre Werkzeuge auflisten</translation>
    </message>
    <message>
        <source>&amp;Start them again</source>
        <translation>Noch einmal &amp;starten</translation>
    </message>
    <message>
        <source>{server}: {fault}</source>
        <translation>{server}: {fault}</translation>
    </message>
    <message>
        <source>Asking the servers… {count} of {total}</source>
        <translation>Die Server werden gefragt… {count} von {total}</translation>
    </message>
    <message>
        <source>{run} tools run, {ask} ask, {blocked} are blocked.</source>
        <translation>{run} Werkzeuge laufen, bei {ask} wird nachgefragt, {blocked} sind gesperrt.</translation>
    </message>
    <message>
        <source>The tools of 1 server are not known yet.</source>
        <translation>Die Werkzeuge von 1 Server sind noch nicht bekannt.</translation>
    </message>
    <message>
        <source>The tools of {count} servers are not known yet.</source>
        <translation>Die Werkzeuge von {count} Servern sind noch nicht bekannt.</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source>Nothing is waiting</source>
        <translation>Nichts wartet</translation>
    </message>
    <message>
        <source>1 call is waiting for you</source>
        <translation>1 Aufruf wartet auf Sie</translation>
    </message>
    <message>
        <source>{count} calls are waiting for you</source>
        <translation>{count} Aufrufe warten auf Sie</translation>
    </message>
    <message>
        <source>Approver is not running: every call is denied</source>
        <translation>Approver läuft nicht: Jeder Aufruf wird abgelehnt</translation>
    </message>
    <message>
        <source>Everything is denied until you resume</source>
        <translation>Alles wird abgelehnt, bis Sie weitermachen</translation>
    </message>
    <message>
        <source>Everything is denied until {time}</source>
        <translation>Alles wird bis {time} abgelehnt</translation>
    </message>
    <message>
        <source>Asking is paused until you resume: rules alone decide</source>
        <translation>Nachfragen ist pausiert, bis Sie weitermachen: Die Regeln entscheiden allein</translation>
    </message>
    <message>
        <source>Asking is paused until {time}: rules alone decide</source>
        <translation>Nachfragen ist bis {time} pausiert: Die Regeln entscheiden allein</translation>
    </message>
    <message>
        <source>Running, no client is connected</source>
        <translation>Läuft, kein Client ist verbunden</translation>
    </message>
    <message>
        <source>Running, 1 client is connected</source>
        <translation>Läuft, 1 Client ist verbunden</translation>
    </message>
    <message>
        <source>Running, {count} clients are connected</source>
        <translation>Läuft, {count} Clients sind verbunden</translation>
    </message>
    <message>
        <source>The proxy is not running</source>
        <translation>Der Proxy läuft nicht</translation>
    </message>
    <message>
        <source>Proxy running, HTTP is off</source>
        <translation>Proxy läuft, HTTP ist abgeschaltet</translation>
    </message>
    <message>
        <source>Proxy running on {address}</source>
        <translation>Proxy läuft unter {address}</translation>
    </message>
</context>
<context>
    <name>StateHeader</name>
    <message>
        <source>Res&amp;ume</source>
        <translation>&amp;Weitermachen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Pause asking</source>
        <translation>&amp;Nachfragen pausieren</translation>
    </message>
    <message>
        <source>What rules ask about is denied, for some time or until you resume</source>
        <translation>Wobei Regeln nachfragen, das wird abgelehnt: einige Zeit oder bis Sie weitermachen</translation>
    </message>
    <message>
        <source>&amp;Deny everything</source>
        <translation>&amp;Alles ablehnen</translation>
    </message>
    <message>
        <source>For some time, or until you resume</source>
        <translation>Einige Zeit oder bis Sie weitermachen</translation>
    </message>
    <message>
        <source>Judge calls by the rules, and ask, again</source>
        <translation>Aufrufe wieder nach den Regeln beurteilen und nachfragen</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
</context>
<context>
    <name>Tally</name>
    <message>
        <source>1 call</source>
        <translation>1 Aufruf</translation>
    </message>
    <message>
        <source>{count} calls</source>
        <translation>{count} Aufrufe</translation>
    </message>
    <message>
        <source>Since Approver started: {calls}, {asked} asked about, {denied} denied.</source>
        <translation>Seit dem Start von Approver: {calls}, bei {asked} nachgefragt, {denied} abgelehnt.</translation>
    </message>
</context>
<context>
    <name>Tier</name>
    <message>
        <source>reads</source>
        <translation>liest</translation>
    </message>
    <message>
        <source>changes</source>
        <translation>ändert</translation>
    </message>
    <message>
        <source>executes</source>
        <translation>führt aus</translation>
    </message>
    <message>
        <source>sends out</source>
        <translation>sendet nach außen</translation>
    </message>
    <message>
        <source>destroys</source>
        <translation>zerstört</translation>
    </message>
    <message>
        <source>the tool&apos;s name says nothing: it may do anything</source>
        <translation>der Name des Werkzeugs verrät nichts: Es kann alles tun</translation>
    </message>
    <message>
        <source>guessed from “{word}” in the tool&apos;s name</source>
        <translation>geraten nach „{word}“ im Namen des Werkzeugs</translation>
    </message>
</context>
<context>
    <name>TierBadge</name>
    <message>
        <source>Risk: {tier}</source>
        <translation>Risiko: {tier}</translation>
    </message>
</context>
<context>
    <name>ToolUses</name>
    <message>
        <source>1 call in the last 7 days</source>
        <translation>1 Aufruf in den letzten 7 Tagen</translation>
    </message>
    <message>
        <source>{count} calls in the last 7 days</source>
        <translation>{count} Aufrufe in den letzten 7 Tagen</translation>
    </message>
    <message>
        <source>{count} asked about</source>
        <translation>{count} nachgefragt</translation>
    </message>
    <message>
        <source>{count} denied</source>
        <translation>{count} abgelehnt</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>There is a problem: open Approver</source>
        <translation>Es gibt ein Problem: Öffnen Sie Approver</translation>
    </message>
    <message>
        <source>&amp;Open Approver</source>
        <translation>Approver &amp;öffnen</translation>
    </message>
    <message>
        <source>&amp;Quit Approver</source>
        <translation>Approver &amp;beenden</translation>
    </message>
    <message>
        <source>&amp;Waiting: 1 call…</source>
        <translation>&amp;Es wartet 1 Aufruf…</translation>
    </message>
    <message>
        <source>&amp;Waiting: {count} calls…</source>
        <translation>&amp;Es warten {count} Aufrufe…</translation>
    </message>
    <message>
        <source>&amp;Undo: allow {tool}, {lifetime} ({seconds} s)</source>
        <translation>&amp;Rückgängig: {tool} erlauben, {lifetime} ({seconds} s)</translation>
    </message>
    <message>
        <source>&amp;Undo: deny {tool}, {lifetime} ({seconds} s)</source>
        <translation>&amp;Rückgängig: {tool} ablehnen, {lifetime} ({seconds} s)</translation>
    </message>
    <message>
        <source>Log in to {server}…</source>
        <translation>Bei {server} anmelden…</translation>
    </message>
    <message>
        <source>Problem: {sentence}</source>
        <translation>Problem: {sentence}</translation>
    </message>
    <message>
        <source>&amp;Log…</source>
        <translation>&amp;Protokoll…</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
</context>
<context>
    <name>Trial</name>
    <message>
        <source>The log has no calls that these rules judge.</source>
        <translation>Das Protokoll hat keine Aufrufe, die diese Regeln beurteilen.</translation>
    </message>
    <message>
        <source>{changed} of the last {count} recorded calls would change.</source>
        <translation>{changed} der letzten {count} aufgezeichneten Aufrufe gingen anders aus.</translation>
    </message>
    <message>
        <source>{hidden} cannot be told: a rule looks at what the log masks.</source>
        <translation>Bei {hidden} lässt es sich nicht sagen: Eine Regel sieht auf etwas, was das Protokoll verdeckt.</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>erlaubt</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>asked</source>
        <translation>nachgefragt</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>{time}  {tool}: {before} → {after}  {rule}  {arguments}</source>
        <translation>{time}  {tool}: {before} → {after}  {rule}  {arguments}</translation>
    </message>
</context>
<context>
    <name>TrialToolsModel</name>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Risk, as we guess</source>
        <translation>Risiko, wie wir raten</translation>
    </message>
    <message>
        <source>The server says</source>
        <translation>Der Server sagt</translation>
    </message>
</context>
<context>
    <name>TryPage</name>
    <message>
        <source>Try it</source>
        <translation>Ausprobieren</translation>
    </message>
    <message>
        <source>A test call goes the whole way of a real one. It does nothing, whatever you answer.</source>
        <translation>Ein Testaufruf geht den ganzen Weg eines echten. Er tut nichts, was Sie auch antworten.</translation>
    </message>
    <message>
        <source>&amp;Send a test call</source>
        <translation>&amp;Testaufruf senden</translation>
    </message>
    <message>
        <source>The call is on its way. Approver&apos;s dialog opens beside this window: answer there.</source>
        <translation>Der Aufruf ist unterwegs. Approvers Dialog öffnet sich neben diesem Fenster: Antworten Sie dort.</translation>
    </message>
    <message>
        <source>You allowed it, and the agent got its answer: {text}</source>
        <translation>Sie haben ihn erlaubt, und der Agent bekam seine Antwort: {text}</translation>
    </message>
    <message>
        <source>You denied it, and the agent reads: {text}</source>
        <translation>Sie haben ihn abgelehnt, und der Agent liest: {text}</translation>
    </message>
    <message>
        <source>Nobody answered in time, so nothing was run. The agent reads: {text}</source>
        <translation>Niemand antwortete rechtzeitig, also wurde nichts ausgeführt. Der Agent liest: {text}</translation>
    </message>
    <message>
        <source>The test call did not work: {text}</source>
        <translation>Der Testaufruf hat nicht funktioniert: {text}</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Let this answer stand no longer. Calls that it has answered stay answered.</source>
        <translation>Diese Antwort nicht länger gelten lassen. Was sie beantwortet hat, bleibt beantwortet.</translation>
    </message>
    <message>
        <source>Remembered: {rule}</source>
        <translation>Gemerkt: {rule}</translation>
    </message>
</context>
<context>
    <name>WindowForm</name>
    <message>
        <source>Come to the &amp;front, and take the keyboard, when a call starts to wait</source>
        <translation>Nach &amp;vorn kommen und die Tastatur nehmen, sobald ein Aufruf wartet</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>Colours of the windows</source>
        <translation>Farben der Fenster</translation>
    </message>
</context>
<context>
    <name>_Delegate</name>
    <message>
        <source>10 per minute</source>
        <translation>10 per minute</translation>
    </message>
</context>
</TS>
