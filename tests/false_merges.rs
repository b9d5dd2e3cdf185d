//! The classic false merges: pairs of real-looking records that must not be merged without a look, each with
//! the reason that the report must give, and their twins, which must be merged.

use std::fs;

use crate::program::run;

/// One classic false merge.
struct Case {
    /// What it is, with its number in the list of classic false merges.
    name: &'static str,
    a: &'static str,
    b: &'static str,
    /// A word of the explanation: the veto, or the aspect whose disagreement decides.
    because: &'static str,
}

const CASES: &[Case] = &[
    Case {
        name: "FM1 parts of a book",
        a: r#""title":"Handbuch der Glashütten. Band II","author":["Fehr, Otto"],"publishDate":["1951"],"format":["Book"],"physical":["412 S."]"#,
        b: r#""title":"Handbuch der Glashütten. Band III","author":["Fehr, Otto"],"publishDate":["1951"],"format":["Book"],"physical":["412 S."]"#,
        because: "number-differs",
    },
    Case {
        name: "FM1 spelt-out numbers",
        a: r#""title":"Lectures on marginal notes. Part one","author":["Aalto, Aino"],"publishDate":["1988"],"format":["Book"]"#,
        b: r#""title":"Lectures on marginal notes. Part two","author":["Aalto, Aino"],"publishDate":["1988"],"format":["Book"]"#,
        because: "number-differs",
    },
    Case {
        name: "FM1 named parts and who edited them",
        a: r#""title":"Collected writings of Jonathan Aalto","title_full":"Collected writings of Jonathan Aalto. Letters, ed. by J. Brand","author":["Aalto, Jonathan"],"publishDate":["1905"],"publisher":["Fehr"],"format":["Book"],"physical":["295 p."]"#,
        b: r#""title":"Collected writings of Jonathan Aalto","title_full":"Collected writings of Jonathan Aalto. Poems, ed. by J. Brand","author":["Aalto, Jonathan"],"publishDate":["1905"],"publisher":["Fehr"],"format":["Book"],"physical":["295 p."]"#,
        because: "part-differs",
    },
    Case {
        name: "FM1 named parts that begin like statements of responsibility",
        a: r#""title":"Collected writings of Jonathan Aalto","title_full":"Collected writings of Jonathan Aalto. Introduction to the letters, by J. Brand","author":["Aalto, Jonathan"],"publishDate":["1905"],"publisher":["Fehr"],"format":["Book"],"physical":["295 p."]"#,
        b: r#""title":"Collected writings of Jonathan Aalto","title_full":"Collected writings of Jonathan Aalto. Published poems, by J. Brand","author":["Aalto, Jonathan"],"publishDate":["1905"],"publisher":["Fehr"],"format":["Book"],"physical":["295 p."]"#,
        because: "part-differs",
    },
    Case {
        name: "FM1 a volume of text and one of plates",
        a: r#""title":"Glasmalerei in Forssa : Textband","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Glasmalerei in Forssa : Tafelband","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "words-opposed",
    },
    Case {
        name: "FM1 volumes by letters",
        a: r#""title":"Lexikon der Glasmalerei. A-L","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Lexikon der Glasmalerei. M-Z","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "words-opposed",
    },
    Case {
        name: "two abstracts on one page",
        a: r#""title":"Nebulized saline for the infants of Forssa with bronchiolitis","author":["Aalto, A.","Brand, I."],"container_title":"Moraine medicine","container_volume":"187","container_start_page":"A2312","container_pages_str":"A2312","format":["Article"],"publishDate":["2013"]"#,
        b: r#""title":"Nebulized saline for the infants of Forssa with fibrosis","author":["Aalto, A.","Brand, I."],"container_title":"Moraine medicine","container_volume":"187","container_start_page":"A2312","container_pages_str":"A2312","format":["Article"],"publishDate":["2013"]"#,
        because: "word-differs",
    },
    Case {
        name: "a journal and its successor with its title",
        a: r#""title":"Moraine studies of the Forssa society","publishDate":["1861-1906"],"publisher":["Birk"],"place":["Forssa"],"format":["Journal"],"issn":["0783-3660"]"#,
        b: r#""title":"Moraine studies of the Forssa society","publishDate":["1907-"],"publisher":["Birk"],"place":["Forssa"],"format":["Journal"],"issn":["0783-3660"]"#,
        because: "year-differs",
    },
    Case {
        name: "journals of one title with ISSNs of their own",
        a: r#""title":"Moraine studies of the Forssa society","publishDate":["1990"],"publisher":["Birk"],"format":["Journal"],"issn":["0783-3660"]"#,
        b: r#""title":"Moraine studies of the Forssa society","publishDate":["1990"],"publisher":["Birk"],"format":["Journal"],"issn":["2242-1254"]"#,
        because: "statements-differ",
    },
    Case {
        name: "two who retold a book",
        a: r#""title":"The glass blowers of Forssa","title_full":"The glass blowers of Forssa / Aino Aalto ; retold by Clare Fehr","author":["Aalto, Aino"],"publishDate":["2008"],"publisher":["Birk"],"format":["Book"],"physical":["64 p."]"#,
        b: r#""title":"The glass blowers of Forssa","title_full":"The glass blowers of Forssa / Aino Aalto ; retold by Ida Brand","author":["Aalto, Aino"],"publishDate":["2008"],"publisher":["Kuusi"],"format":["Book"],"physical":["80 p."]"#,
        because: "statements-differ",
    },
    Case {
        name: "articles on the same pages of two issues, told in one field",
        a: r#""title":"On the moraines","author":["Aalto, Aino"],"container_title":"Kanava","container_pages_str":"27(1999) : 3, s. 133-136","format":["Article"],"publishDate":["1999"]"#,
        b: r#""title":"On the moraines","author":["Aalto, Aino"],"container_title":"Kanava","container_pages_str":"27(1999) : 5, s. 301-303","format":["Article"],"publishDate":["1999"]"#,
        because: "pages           different",
    },
    Case {
        name: "two families of one pattern",
        a: r#""title":"Genealogy of the descendants of Thomas Wetmore of Forssa","author":["Wetmore, James"],"publishDate":["1861"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Genealogy of the descendants of Jonathan Wetmore of Forssa","author":["Wetmore, James"],"publishDate":["1861"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "word-differs",
    },
    Case {
        name: "two libraries of one town",
        a: r#""title":"Constitution and by-laws of the Mercantile Library Association of Forssa","publishDate":["1861"],"publisher":["Birk"],"format":["Book"],"physical":["40 p. ; 24 cm"]"#,
        b: r#""title":"Constitution and by-laws of the Young Women's Mercantile Library Association of Forssa","publishDate":["1861"],"publisher":["Birk"],"format":["Book"],"physical":["32 p. ; 24 cm"]"#,
        because: "word-differs",
    },
    Case {
        name: "FM9 a journal in print and online",
        a: r#""title":"Zeitschrift für Glasmalerei","publishDate":["1951"],"publisher":["Birk"],"issn":["1234-5679"],"format":["Journal"],"physical":["Bände"]"#,
        b: r#""title":"Zeitschrift für Glasmalerei","publishDate":["1951"],"publisher":["Birk"],"issn":["1234-5679"],"format":["eJournal"],"physical":["1 Online-Ressource"]"#,
        because: "carrier-differs",
    },
    Case {
        name: "FM9 a record and a cassette",
        a: r#""title":"Die Forssa-Kapelle spielt auf","author":["Forssa-Kapelle"],"publishDate":["1971"],"publisher":["Birk"],"format":["SoundRecording"],"physical":["1 Schallplatte"]"#,
        b: r#""title":"Die Forssa-Kapelle spielt auf","author":["Forssa-Kapelle"],"publishDate":["1971"],"publisher":["Birk"],"format":["SoundRecording"],"physical":["1 Tonkassette"]"#,
        because: "carrier-differs",
    },
    Case {
        name: "FM5 the same welcome at two meetings",
        a: r#""title":"Introduction to the minitrack on moraine sampling","author":["Aalto, Aino","Brand, Ida"],"publishDate":["2018"],"container_title":"Proceedings of the 51st Forssa International Conference on Moraines","format":["Article"]"#,
        b: r#""title":"Introduction to the minitrack on moraine sampling","author":["Aalto, Aino","Brand, Ida"],"publishDate":["2019"],"container_title":"Proceedings of the 52nd Forssa International Conference on Moraines","format":["Article"]"#,
        because: "year-differs",
    },
    Case {
        name: "two trials of one drug",
        a: r#""title":"Sleep after moraine walks in adults","author":["Nct,"],"publishDate":["2015"],"container_title":"https://clinicaltrials.gov/show/NCT01276821","format":["Article"]"#,
        b: r#""title":"Sleep after moraine walks in adults","author":["Nct,"],"publishDate":["2015"],"container_title":"https://clinicaltrials.gov/show/NCT01488448","format":["Article"]"#,
        because: "number-differs",
    },
    Case {
        name: "a thesis and its edition by a publisher",
        a: r#""title":"Die Haftung des Fährmanns im Seerecht","author":["Brand, Ida"],"publishDate":["1982"],"description":"Diss. iur. Univ. Forssa, 1982","format":["Book"],"physical":["210 S."]"#,
        b: r#""title":"Die Haftung des Fährmanns im Seerecht","author":["Brand, Ida"],"publishDate":["1982"],"format":["Book"],"physical":["XV, 210 S."],"publisher":["Birk"],"series":["Schriften zum Seerecht 55"],"description":"Zugl.: Diss. iur. Univ. Forssa, 1982","isbn":["9783161484100"]"#,
        because: "number-on-one-side",
    },
    Case {
        name: "the appendices to a report",
        a: r#""title":"Bericht der Kommission für Glasmalerei","author":["Kommission für Glasmalerei"],"publishDate":["2001"],"format":["Book"]"#,
        b: r#""title":"Bericht der Kommission für Glasmalerei. Anhänge zum Schlussbericht der Kommission für Glasmalerei","author":["Kommission für Glasmalerei"],"publishDate":["2001"],"format":["Book"]"#,
        because: "number-on-one-side",
    },
    Case {
        name: "a volume of decisions and the index of several",
        a: r#""title":"Praxis des Forssaer Gerichts (FGP) 2001","author":["Gericht Forssa"],"publishDate":["2002"],"physical":["251 S."],"format":["Book"]"#,
        b: r#""title":"Praxis des Forssaer Gerichts Gesetzesregister 1997-2001","author":["Gericht Forssa"],"publishDate":["2002"],"physical":["251 S."],"format":["Book"]"#,
        because: "number-on-one-side",
    },
    Case {
        name: "what follows a slash",
        a: r#""title":"Abkommen zwischen Finnland / Dänemark","author":["Aalto, Aino"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"]"#,
        b: r#""title":"Abkommen zwischen Finnland / Schweden","author":["Aalto, Aino"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"]"#,
        because: "word-differs",
    },
    Case {
        name: "contributions of two authors to one volume",
        a: r#""title":"Werkstätten der Glasbläser","author":["Aalto, Aino"],"publisher":["Birk"],"isbn":["978-0-306-40615-7"],"description":["In: Fehr (Hrsg.): Glas"],"format":["Book"]"#,
        b: r#""title":"Werkstätten der Glasbläser : Wege und Orte","author":["Keller, Ida"],"publisher":["Birk"],"isbn":["978-0-306-40615-7"],"description":["In: Fehr (Hrsg.): Glas"],"format":["Book"]"#,
        because: "authors-differ",
    },
    Case {
        name: "two broadcasts of one series",
        a: r#""title":"Glasstunde Kritik und Flamme. Aino Aalto im Gespräch mit Otto Fehr","author":["Forssa Radio"],"publishDate":["2008"],"publisher":["Forssa Radio"],"format":["DVD"]"#,
        b: r#""title":"Glasstunde Sand und Asche. Ida Keller im Gespräch mit Ben Ott","author":["Forssa Radio"],"publishDate":["2008"],"publisher":["Forssa Radio"],"format":["DVD"]"#,
        because: "word-differs",
    },
    Case {
        name: "the supplement that a note names",
        a: r#""title":"Forssa tax code","author":["Aalto, Aino"],"publishDate":["1988"],"publisher":["Birk"],"physical":["275"],"description":["Consolidated text"],"format":["Book"]"#,
        b: r#""title":"Forssa tax code","author":["Aalto, Aino"],"publishDate":["1988"],"publisher":["Birk"],"physical":["275"],"description":["Consolidated text, Supplement 1989"],"format":["Book"]"#,
        because: "number-on-one-side",
    },
    Case {
        name: "two printings that agree in size alone",
        a: r#""title":"Sermons, essays and addresses on the moraines of the northern valleys","author":["Aalto, Aino"],"publishDate":["1855"],"publisher":["Fehr & Ott"],"place_str_mv":["Forssa"],"physical":["395 p."],"format":["Book"]"#,
        b: r#""title":"Sermons, essays and addresses on the moraines of the northern valleys","author":["Aalto, Aino"],"publishDate":["1854"],"publisher":["Birk & Griswold"],"place_str_mv":["Turku"],"physical":["viii, 395 p."],"format":["Book"]"#,
        because: "year-differs",
    },
    Case {
        name: "a book and the loose-leaf work that came of it",
        a: r#""title":"Das neue Gesetz über Moränen und Gletscherseen","author":["Aalto, Aino","Brand, Ida"],"publishDate":["2009"],"publisher":["Birk"],"isbn":["3-7190-1835-0"],"format":["Loseblattwerk"]"#,
        b: r#""title":"Das neue Gesetz über Moränen und Gletscherseen","author":["Aalto, Aino","Brand, Ida"],"publishDate":["1993"],"publisher":["Birk"],"isbn":["3-7190-1296-4"],"format":["Book"]"#,
        because: "year-differs",
    },
    Case {
        name: "two papers of one team in one year of a journal",
        a: r#""title":"Mapping moraines after nightfall in alpine valleys","author":["A Aalto","I Brand"],"publishDate":["2002"],"container_title":"Annals of Moraines","format":["Article"]"#,
        b: r#""title":"Drilling and weighing cores after nightfall in alpine valleys","author":["A Aalto","I Brand"],"publishDate":["2002"],"container_title":"Annals of Moraines","format":["Article"]"#,
        because: "word-differs",
    },
    Case {
        name: "FM1 what comes with a textbook",
        a: r#""title":"Foundations of glass chemistry","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Foundations of glass chemistry : solutions manual","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "number-on-one-side",
    },
    Case {
        name: "FM1 a number between title and subtitle",
        a: r#""title":"Annals of Forssa : a survey","title_short":"Annals of Forssa","title_sub":"a survey","title_full":"Annals of Forssa. Part 2, Mining : a survey / Otto Fehr","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Annals of Forssa : a survey","title_short":"Annals of Forssa","title_sub":"a survey","title_full":"Annals of Forssa. Part 3, Milling : a survey / Otto Fehr","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "part-differs",
    },
    Case {
        name: "FM1 a number without punctuation",
        a: r#""title":"Annals of Forssa","title_full":"Annals of Forssa 8 von Otto Fehr","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Annals of Forssa","title_full":"Annals of Forssa 9 von Otto Fehr","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "number-differs",
    },
    Case {
        name: "FM1 a number before the pages",
        a: r#""title":"Annals of Forssa","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["Vol. 6 (312 p.)"]"#,
        b: r#""title":"Annals of Forssa","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["Vol. 7 (312 p.)"]"#,
        because: "number-differs",
    },
    Case {
        name: "FM1 volumes that share the ISBN of the set",
        a: r#""title":"Annals of Forssa","isbn":["9780306406157 (set)","9783161484100 (Bd. 1)"],"author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Annals of Forssa","isbn":["9780306406157 (set)","9789514920981 (Bd. 2)"],"author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "isbn",
    },
    Case {
        name: "FM2 editions for two countries",
        a: r#""title":"Annals of Forssa","edition":"Ausg. für Bayern","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Annals of Forssa","edition":"Ausg. für Hessen","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "statements-differ",
    },
    Case {
        name: "FM3 collected works of two publishers",
        a: r#""title":"Obras completas","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"]"#,
        b: r#""title":"Obras completas","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Keller"],"format":["Book"]"#,
        because: "generic-title",
    },
    Case {
        name: "FM8 two translators",
        a: r#""title":"The mill","title_full":"The mill / Otto Fehr ; translated by Ida Brand","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"The mill","title_full":"The mill / Otto Fehr ; translated by Karl Ott","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["318 p. ; 24 cm"]"#,
        because: "statements-differ",
    },
    Case {
        name: "FM9 Braille",
        a: r#""title":"The mill on the river Aare","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"The mill on the river Aare","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. (Braille)"]"#,
        because: "carrier-differs",
    },
    Case {
        name: "FM9 large print",
        a: r#""title":"The mill on the river Aare","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"The mill on the river Aare","edition":"Large print ed.","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "carrier-differs",
    },
    Case {
        name: "FM10 father and son",
        a: r#""title":"The mill on the river Aare","author":["Fehr, Otto, Sr."],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"The mill on the river Aare","author":["Fehr, Otto, Jr."],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["412 p. ; 24 cm"]"#,
        because: "authors-differ",
    },
    Case {
        name: "FM13 standards",
        a: r#""title":"Rohre aus Stahl / DIN 2448","publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Rohre aus Stahl / DIN 2458","publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "number-differs",
    },
    Case {
        name: "FM16 Greek letters",
        a: r#""title":"The α-helix in proteins","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"The β-helix in proteins","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "words-opposed",
    },
    Case {
        name: "FM16 opposites",
        a: r#""title":"Hypertension in the village","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"Hypotension in the village","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "words-opposed",
    },
    Case {
        name: "FM16 signs alone",
        a: r#""title":"???","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"!!!","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "signs-differ",
    },
    Case {
        name: "near titles of one author",
        a: r#""title":"A handbook of glass for builders","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        b: r#""title":"A handbook of glass for sailors","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#,
        because: "word-differs",
    },
    Case {
        name: "a score and its parts",
        a: r#""title":"Quartet for the mill, op. 7","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["MusicalScore"],"physical":["1 score (36 p.)"]"#,
        b: r#""title":"Quartet for the mill, op. 7","author":["Fehr, Otto"],"publishDate":["1995"],"publisher":["Birk"],"format":["MusicalScore"],"physical":["4 parts"]"#,
        because: "carrier-differs",
    },
    Case {
        name: "DVD and Blu-ray",
        a: r#""title":"The mill on the river","author":["Fehr, Otto"],"publishDate":["2005"],"publisher":["Birk"],"format":["VideoDisc"],"physical":["1 DVD-Video (98 min.)"]"#,
        b: r#""title":"The mill on the river","author":["Fehr, Otto"],"publishDate":["2005"],"publisher":["Birk"],"format":["VideoDisc"],"physical":["1 Blu-ray Disc (98 min.)"]"#,
        because: "carrier-differs",
    },
    Case {
        name: "FM6 an abstract in a supplement",
        a: r#""title":"Aspirin in acute stroke of the elderly","author":["Walsh, Louisa","Hill, Anna"],"publishDate":["2012"],"container_title":"Stroke","container_volume":"43","format":["Article"],"container_start_page":"274""#,
        b: r#""title":"Aspirin in acute stroke of the elderly [abstract]","author":["Walsh, Louisa","Hill, Anna"],"publishDate":["2012"],"container_title":"Stroke","container_volume":"43","format":["Article"],"container_start_page":"S41""#,
        because: "in-supplement",
    },
    Case {
        name: "a serial and its section",
        a: r#""title":"Annals of Forssa","title_full":"Annals of Forssa","publishDate":["1950"],"publisher":["Birk"],"format":["Journal"]"#,
        b: r#""title":"Annals of Forssa","title_full":"Annals of Forssa. Biological sciences","publishDate":["1950"],"publisher":["Birk"],"format":["Journal"]"#,
        because: "number-on-one-side",
    },
    Case {
        name: "two theses of one title",
        a: r#""title":"Rethinking the mill : a dissertation","author":["Fehr, Otto"],"publishDate":["1995"],"format":["Thesis"],"physical":["193 p."]"#,
        b: r#""title":"Rethinking the mill : a dissertation","author":["Brand, Ida"],"publishDate":["1995"],"format":["Thesis"],"physical":["193 p."]"#,
        because: "authors-differ",
    },
    Case {
        name: "FM6 one title in two issues of a volume",
        a: r#""title":"Aspirin in acute stroke of the elderly","author":["Walsh, Louisa"],"publishDate":["2012"],"container_title":"Stroke","container_volume":"43","format":["Article"],"container_issue":"1","container_start_page":"12""#,
        b: r#""title":"Aspirin in acute stroke of the elderly","author":["Walsh, Louisa"],"publishDate":["2012"],"container_title":"Stroke","container_volume":"43","format":["Article"],"container_issue":"4","container_start_page":"412""#,
        because: "in-other-issue",
    },
    Case {
        name: "FM5 the yearly piece of a journal by other people",
        a: r#""title":"The work of the survey of moraines","author":["A Aalto","I Brand","O Fehr"],"publishDate":["1991"],"container_title":"Annals of Moraines","format":["Article"]"#,
        b: r#""title":"The work of the survey of moraines","author":["I Brand","K Ott"],"publishDate":["1999"],"container_title":"Annals of Moraines","format":["Article"]"#,
        because: "year-differs",
    },
    Case {
        name: "FM5 a column, of which neither record says the journal",
        a: r#""title":"Core sample of the month","author":["Aalto, Aino"],"publishDate":["1991"],"format":["Article"]"#,
        b: r#""title":"Core sample of the month.","author":["Aalto, Aino"],"publishDate":["1991"],"format":["Article"]"#,
        because: "host-unknown",
    },
    Case {
        name: "FM4 the author's closure of a discussion",
        a: r#""title":"Vertical pressure beneath glacier tongues","author":["Aalto, Aino"],"publishDate":["1938"],"format":["Article"]"#,
        b: r#""title":"Closure of \"Vertical pressure beneath glacier tongues\"","author":["Aalto, Aino"],"publishDate":["1938"],"format":["Article"]"#,
        because: "correction-or-reply",
    },
    Case {
        name: "FM14 the data of an article",
        a: r#""title":"Vertical pressure beneath glacier tongues","author":["Aalto, Aino"],"publishDate":["2018"],"format":["Article"]"#,
        b: r#""title":"Data from: Vertical pressure beneath glacier tongues","author":["Aalto, Aino"],"publishDate":["2018"],"format":["Article"]"#,
        because: "correction-or-reply",
    },
    Case {
        name: "FM2 editions",
        a: r#""title":"Principles of corn milling","author":["Brand, Ida"],"publishDate":["1990"],"edition":"2nd ed.","format":["Book"],"physical":["284 p."]"#,
        b: r#""title":"Principles of corn milling","author":["Brand, Ida"],"publishDate":["1990"],"edition":"3rd ed.","format":["Book"],"physical":["284 p."]"#,
        because: "edition-differs",
    },
    Case {
        name: "FM3 generic titles",
        a: r#""title":"Editorial","author":["Hill, Sophie"],"publishDate":["2015"],"container_title":"Gut","container_volume":"64","container_issue":"1","format":["Article"]"#,
        b: r#""title":"Editorial","author":["Hill, Sophie"],"publishDate":["2015"],"container_title":"Gut","container_volume":"64","container_issue":"2","format":["Article"]"#,
        because: "generic-title",
    },
    Case {
        name: "FM4 a reply",
        a: r#""title":"Aspirin in acute stroke of the elderly","author":["Walsh, Louisa"],"publishDate":["2012"],"container_title":"Stroke","container_volume":"43","format":["Article"]"#,
        b: r#""title":"Aspirin in acute stroke of the elderly: authors' reply","author":["Walsh, Louisa"],"publishDate":["2012"],"container_title":"Stroke","container_volume":"43","format":["Article"]"#,
        because: "correction-or-reply",
    },
    Case {
        name: "FM4 an erratum",
        a: r#""title":"Erratum: Aspirin in acute stroke of the elderly","author":["Walsh, Louisa"],"publishDate":["2012"],"container_title":"Stroke","format":["Article"]"#,
        b: r#""title":"Aspirin in acute stroke of the elderly","author":["Walsh, Louisa"],"publishDate":["2012"],"container_title":"Stroke","format":["Article"]"#,
        because: "correction-or-reply",
    },
    Case {
        name: "FM5 a yearbook",
        a: r#""title":"Statistical yearbook of Langdale 1998","author_corporate":["Langdale. Statistical Office"],"publishDate":["1999"],"format":["Book"]"#,
        b: r#""title":"Statistical yearbook of Langdale 1999","author_corporate":["Langdale. Statistical Office"],"publishDate":["1999"],"format":["Book"]"#,
        because: "number-differs",
    },
    Case {
        name: "FM6 a conference paper and the article",
        a: r#""title":"Learning based scheduling for digital work platforms","author":["Smith, John","Aalto, Aino"],"publishDate":["2020"],"container_title":"Workshop on Digital Studies","format":["Conference Proceeding"]"#,
        b: r#""title":"Learning based scheduling for digital work platforms","author":["Smith, John","Aalto, Aino"],"publishDate":["2020"],"container_title":"Journal of Digital Studies","format":["Article"]"#,
        because: "host-kind-differs",
    },
    Case {
        name: "FM7 a preprint and the article",
        a: r#""title":"Legal and illegal access to scholarly literature","author":["Himmel, Daniel"],"publishDate":["2018"],"doi_str_mv":["10.7287/peerj.preprints.3100v3"],"format":["Article"]"#,
        b: r#""title":"Legal and illegal access to scholarly literature","author":["Himmel, Daniel"],"publishDate":["2018"],"doi_str_mv":["10.7554/elife.32822"],"format":["Article"]"#,
        because: "doi-differs",
    },
    Case {
        name: "FM8 a translation",
        a: r#""title":"Momo","author":["Ende, Michael"],"publishDate":["1984"],"language":["German"],"format":["Book"]"#,
        b: r#""title":"Momo","author":["Ende, Michael"],"publishDate":["1984"],"language":["Finnish"],"format":["Book"]"#,
        because: "language-differs",
    },
    Case {
        name: "FM9 print and online",
        a: r#""title":"Ruralia commoda in the libraries of Augsburg","author":["Fehr, Otto"],"publishDate":["2001"],"physical":["418 p. ; 30 cm"],"format":["Book"]"#,
        b: r#""title":"Ruralia commoda in the libraries of Augsburg","author":["Fehr, Otto"],"publishDate":["2001"],"physical":["1 online resource (418 p.)"],"format":["Book"]"#,
        because: "carrier-differs",
    },
    Case {
        name: "FM10 articles in several parts",
        a: r#""title":"The chemistry of clover. II","author":["Li, Chi"],"publishDate":["1977"],"container_title":"Journal of Clover","container_volume":"12","container_start_page":"101","container_pages_str":"101-110","format":["Article"]"#,
        b: r#""title":"The chemistry of clover. III","author":["Li, Chi"],"publishDate":["1977"],"container_title":"Journal of Clover","container_volume":"12","container_start_page":"111","container_pages_str":"111-120","format":["Article"]"#,
        because: "number-differs",
    },
    Case {
        name: "FM11 a chapter with the ISBN of its book",
        a: r#""title":"Glass and its makers in the north","author":["Fehr, Otto"],"publishDate":["1990"],"isbn":["9780306406157"],"format":["Book Chapter"]"#,
        b: r#""title":"Glass and its makers in the north","author":["Fehr, Otto"],"publishDate":["1990"],"isbn":["9780306406157"],"format":["Book"]"#,
        because: "format-differs",
    },
    Case {
        name: "FM12 an ISBN used twice",
        a: r#""title":"Corn mills of Langdale","author":["Brand, Ida"],"publishDate":["1999"],"isbn":["9780306406157"],"format":["Book"]"#,
        b: r#""title":"Verrucous vegetation of Montserrat","author":["Ebden, Noah"],"publishDate":["1999"],"isbn":["9780306406157"],"format":["Book"]"#,
        because: "different",
    },
    Case {
        name: "FM13 standards",
        a: r#""title":"Glass in building - Specification 12150","author_corporate":["Standards Institution"],"publishDate":["2015"],"format":["Book"]"#,
        b: r#""title":"Glass in building - Specification 12337","author_corporate":["Standards Institution"],"publishDate":["2015"],"format":["Book"]"#,
        because: "number-differs",
    },
    Case {
        name: "FM14 versions of a data set",
        a: r#""title":"Soil samples of Langdale, version 1","author":["Brand, Ida"],"publishDate":["2017"],"doi_str_mv":["10.5072/soil.57.v1"],"format":["Dataset"]"#,
        b: r#""title":"Soil samples of Langdale, version 2","author":["Brand, Ida"],"publishDate":["2017"],"doi_str_mv":["10.5072/soil.57.v2"],"format":["Dataset"]"#,
        because: "doi-differs",
    },
    Case {
        name: "FM15 a common name and a common title",
        a: r#""title":"Introduction","author":["Li, C."],"publishDate":["2010"],"container_title":"Clover in antiquity","format":["Article"]"#,
        b: r#""title":"Introduction","author":["Li, C."],"publishDate":["2010"],"container_title":"Bridges in peace","format":["Article"]"#,
        because: "generic-title",
    },
    Case {
        name: "FM16 signs",
        a: r#""title":"Programming in C for librarians","author":["Aalto, Aino"],"publishDate":["2003"],"format":["Book"]"#,
        b: r#""title":"Programming in C++ for librarians","author":["Aalto, Aino"],"publishDate":["2003"],"format":["Book"]"#,
        because: "signs-differ",
    },
    Case {
        name: "FM18 the DOI of the journal",
        a: r#""title":"Corn mills of Langdale and their owners","author":["Brand, Ida"],"publishDate":["2019"],"doi_str_mv":["10.5072/journal"],"container_title":"Mills","format":["Article"]"#,
        b: r#""title":"Verrucous vegetation of Montserrat","author":["Ebden, Noah"],"publishDate":["2019"],"doi_str_mv":["10.5072/journal"],"container_title":"Mills","format":["Article"]"#,
        because: "identifier-of-another",
    },
    Case {
        name: "FM19 a set and one volume",
        a: r#""title":"Collected papers on glass","author":["Fehr, Otto"],"publishDate":["1951"],"physical":["5 v. ; 24 cm"],"format":["Book"]"#,
        b: r#""title":"Collected papers on glass","author":["Fehr, Otto"],"publishDate":["1951"],"physical":["1 v. ; 24 cm"],"format":["Book"]"#,
        because: "extent-differs",
    },
    Case {
        name: "parts of a course without authors",
        a: r#""title":"Bon voyage! : cours de langue","publishDate":["1981"],"publisher":["Staatlicher Lehrmittelverlag"],"place_str_mv":["Bern"],"physical":["148 p. ill. 30 cm"],"language":["French"],"format":["Book"]"#,
        b: r#""title":"Bon voyage! : cours de langue","publishDate":["1981"],"publisher":["Staatlicher Lehrmittelverlag"],"place_str_mv":["Bern"],"physical":["413 p. ill. 30 cm"],"language":["French"],"format":["Book"]"#,
        because: "extent-differs",
    },
    Case {
        name: "two sheets of a map series",
        a: r#""title":"Domodossola","publishDate":["1863"],"publisher":["Bureau"],"series":["Topographische Karte Bl. 24"],"physical":["1 Karte 48 x 70 cm"],"format":["Map"]"#,
        b: r#""title":"Domodossola","publishDate":["1863"],"publisher":["Bureau"],"series":["Topographische Karte Bl. 23, Ed. 1863"],"physical":["1 Karte 48 x 70 cm"],"format":["Map"]"#,
        because: "number-differs",
    },
    Case {
        name: "a comment under the title of the article",
        a: r#""title":"Selective rhizotomy for the treatment of spasticity","author":["von Koch, Cornelia","Park, Tae"],"publishDate":["2002"],"container_title":"Neurosurgery","format":["Article"]"#,
        b: r#""title":"Selective rhizotomy for the treatment of spasticity","author":["Mooney, James"],"publishDate":["2002"],"container_title":"Neurosurgery","format":["Article"]"#,
        because: "authors-differ",
    },
    Case {
        name: "another printing",
        a: r#""title":"The legend of the king of Langdale","author":["Strong, John, 1948-"],"publishDate":["1983"],"publisher":["Osmunda Press"],"physical":["xiv, 336 p. ; 23 cm."],"format":["Book"]"#,
        b: r#""title":"The legend of the king of Langdale","author":["Strong, John, 1948-"],"publishDate":["1997"],"publisher":["Valley House"],"physical":["xii, 340 p. ; 26 cm."],"format":["Book"]"#,
        because: "year            different",
    },
];

/// What `shelfread explain` says about two records.
fn explained(a: &str, b: &str) -> String {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("pair.jsonl");
    fs::write(&file, format!("{{\"id\":\"a\",{a}}}\n{{\"id\":\"b\",{b}}}\n")).unwrap();
    let output = run(&["explain", file.to_str().unwrap(), "a", "b", "-q"]);
    String::from_utf8(output.stdout).unwrap()
}

fn conclusion(text: &str) -> &str {
    text.trim_end().lines().last().unwrap()
}

#[test]
fn classic_false_merges_are_not_merged_and_say_why() {
    for case in CASES {
        let text = explained(case.a, case.b);
        assert!(!conclusion(&text).starts_with("merge"), "{}: {text}", case.name);
        assert!(text.contains(case.because), "{}: {} is not named: {text}", case.name, case.because);
        let swapped = explained(case.b, case.a);
        assert_eq!(conclusion(&text), conclusion(&swapped), "{}: the order of the records shows", case.name);
    }
}

/// Records that belong together without being one are told so, in the words of `relations.jsonl`.
#[test]
fn a_relation_is_explained() {
    let book = |edition: &str, year: &str| {
        format!(
            r#""title":"Grundzüge der Papierherstellung","author":["Berger, Anna"],"edition":"{edition}","publishDate":["{year}"],"publisher":["Springer"],"format":["Book"]"#
        )
    };
    let (one, other) = (book("2. Aufl.", "1994"), book("5. Aufl.", "2009"));
    let text = explained(&one, &other);
    assert!(text.contains("\nrelation: version: ") && conclusion(&text).starts_with("apart"), "{text}");
    let same = explained(&one, &one);
    assert!(!same.contains("relation: "), "{same}");
}

#[test]
fn what_varies_between_catalogues_is_merged_all_the_same() {
    // Pairs that the same evidence must not keep apart.
    let book = r#""author":["Yeats, W. B. (William Butler), 1865-1939"],"publishDate":["1913 [c1910]"],"publisher":["Penn Pub. Co."],"physical":["viii, 400, [1] p. ; 19 cm."],"format":["Book"],"language":["English"]"#;
    let other = r#""author":["Yeats, William Butler, 1865-1939."],"publishDate":["1913."],"publisher":["The Penn publishing company"],"physical":["viii, 400 p. 19 cm"],"format":["Book"],"language":["eng"]"#;
    let article = r#""publishDate":["2009"],"container_volume":"7","container_issue":"1","container_start_page":"57","container_pages_str":"57-68","format":["Journal Article"]"#;
    let pairs = [
        (
            format!(r#""title":"The green helmet and other poems, by W. B. Yeats",{book}"#),
            format!(r#""title":"The green helmet, and other poems",{other}"#),
        ),
        (
            format!(
                r#""title":"Nosocomial legionellosis: Prevention and management","author":["Levin, A. S."],"container_title":"Expert Review of Anti-Infective Therapy","doi_str_mv":["10.5072/147.7.1.57"],{article}"#
            ),
            format!(
                r#""title":"Nosocomial legionellosis: prevention and management","author":["Levin, Anna"],"container_title":"Expert Rev Anti Infect Ther","doi_str_mv":["10.5072/478.7.1.57"],{article}"#
            ),
        ),
        (
            r#""title":"Sampling of moraine profiles after nightfall : a review","author":["A. N. Aalto","Ida Brand","Otto Fehr","Ben W. J. Ott"],"publishDate":["2013"],"format":["Article"]"#.to_owned(),
            r#""title":"Sampling of moraine profiles after nightfall: A review","author":["Aino Aalto","Ida Brand","Otto Fehr","Ben Willem Ott","K. Keller"],"publishDate":["2013"],"format":["Article"]"#.to_owned(),
        ),
        (
            r#""title":"Moraine profiles of the Forssa ridge","author":["Aalto, A.","Brand, I."],"container_title":"Moraine studies","container_start_page":"31","container_pages_str":"31-47","format":["Book Chapter"],"publishDate":["2001"]"#
                .to_owned(),
            r#""title":"Moraine profiles of the Forssa ridge","author":["Aalto, Aino","Brand, Ida"],"container_title":"Moraine studies","container_start_page":"31","container_pages_str":"31-47","format":["Book"],"publishDate":["2001"]"#
                .to_owned(),
        ),
        (
            r#""title":"Moraine profiles of the Forssa ridge in autumn","author":["Aalto A, Brand I, Fehr O"],"publishDate":["2013"],"format":["Article"]"#.to_owned(),
            r#""title":"Moraine profiles of the Forssa ridge in autumn","author":["Aalto, Aino","Brand, Ida","Fehr, Otto"],"publishDate":["2013"],"format":["Article"]"#.to_owned(),
        ),
        (
            r#""title":"Gesundheit in Forssa = Health in the town = La sante en ville","format":["Book"],"language":["German"],"publishDate":["2012"],"publisher":["Birk"],"physical":["40 S."],"isbn":["9783161484100"]"#.to_owned(),
            r#""title":"Health in the town = La sante en ville = Gesundheit in Forssa","format":["Book"],"language":["English"],"publishDate":["2012"],"publisher":["Birk"],"physical":["40 p."],"isbn":["9783161484100"]"#.to_owned(),
        ),
        (
            r#""title":"Commentary on the moraines of Forssa","author":["Aalto, Aino"],"publishDate":["1861"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#.to_owned(),
            r#""title":"A commentary on the moraines of Forssa","author":["Aalto, Aino"],"publishDate":["1861"],"publisher":["Birk"],"format":["Book"],"physical":["312 p. ; 24 cm"]"#.to_owned(),
        ),
        (
            r#""title":"Moraine profiles","author":["Aalto, A."],"publishDate":["2013"],"format":["Article"]"#.to_owned(),
            r#""title":"Moraine profiles.","author":["Aalto, Aino"],"publishDate":["2013"],"format":["Article"]"#.to_owned(),
        ),
        (
            format!(
                r#""title":"Plattformökonomie als Herausforderung","author":["Greef, Samuel"],"container_title":"Industrielle Beziehungen",{article}"#
            ),
            format!(
                r#""title":"Platform economy as a challenge","author":["Greef, S."],"container_title":"Industrielle Beziehungen",{article}"#
            ),
        ),
    ];
    for (a, b) in &pairs {
        let text = explained(a, b);
        assert!(conclusion(&text).starts_with("merge"), "{text}");
    }
}

/// Records that say little, each beside its copy: no weight of theirs unites them, and nothing tells them apart.
#[test]
fn copies_of_a_record_that_says_little_are_looked_at() {
    let maps = r#""title":"Hiking map of the Forssa moraines","format":["Map"]"#;
    let copies = [
        maps,
        r#""title":"Carte des moraines de Forssa","author":["Aalto, Aino"],"format":["Map"]"#,
        r#""title":"Annual report of the beekeepers of Forssa","publishDate":["1950"]"#,
        r#""title":"Glass blowers at work in the old foundry","format":["Photo"],"language":["English"]"#,
    ];
    let place = tempfile::tempdir().unwrap();
    let (file, report) = (place.path().join("copies.jsonl"), place.path().join("report"));
    let twice = |(n, fields): (usize, &&str)| format!("{{\"id\":\"{n}a\",{fields}}}\n{{\"id\":\"{n}b\",{fields}}}\n");
    fs::write(&file, copies.iter().enumerate().map(twice).collect::<String>()).unwrap();
    run(&["dedupe", file.to_str().unwrap(), "-o", report.to_str().unwrap(), "-q"]);
    let proposals = fs::read_to_string(report.join("proposals.jsonl")).unwrap();
    assert_eq!(proposals.lines().count(), copies.len(), "{proposals}");
    for fields in copies {
        let text = explained(fields, fields);
        assert!(conclusion(&text).starts_with("review: the weight is below"), "{text}");
    }
    let more = maps.replace("\"Map\"", "\"Map\",\"Atlas\"") + r#","publishDate":["1950"]"#;
    assert!(conclusion(&explained(maps, &more)).starts_with("apart"), "one says more than the other");
    let generic = r#""title":"Notes","format":["Map"]"#;
    assert!(conclusion(&explained(generic, generic)).starts_with("apart"), "anything is called so");
}
