"""Word lists of the corpus generator. All lists are our own; names and places are invented or everyday words.

Each language: VuFind name, share, script, words for "and"/"in", title openings, subtitles, nouns, surnames, given names.
"""


def _w(text):
    return text.split()


def _p(text):
    return [x.strip() for x in text.split("|") if x.strip()]


HEADS = _w("hydro geo bio neuro photo electro thermo micro macro poly cardio immuno phyto zoo paleo aero agro astro chrono "
           "cryo cyto dermo eco ethno gastro glyco hemo hepato histo lipo litho magneto mecha myco nano onco ortho osteo "
           "patho pharmaco physio pneumo psycho pyro radio seismo socio spectro sono tele topo toxi tribo vaso xeno archeo "
           "biblio carto demo grapho lexi mytho phono")
TAILS = _w("dynamics genesis metry morphology logy kinetics tropism graphy chemistry physics mechanics synthesis lysis "
           "sphere therapy pathology statics plasticity taxis scopy typology statistics genetics ecology acoustics optics "
           "structure regulation transport modelling signalling mapping")

EN_NOUNS = _w("water library river model theory analysis system history language market garden village energy policy school "
              "climate forest memory network culture city law music trade machine novel labour migration soil protein cell "
              "surface polymer glacier harbour railway bridge archive catalogue museum manuscript grammar dialect poem drama "
              "theatre painting sculpture temple monastery reform revolution empire treaty border island coast valley "
              "mountain desert storm drought flood fire wood stone iron copper glass paper ink cloth silk wool grain bread "
              "wine salt sugar tea coffee cattle horse bird insect fish whale wolf bee oak pine moss fungus bacterium virus "
              "fever vaccine hospital nurse surgeon patient child family marriage inheritance poverty wealth tax bank credit "
              "insurance pension election parliament court prison police army navy fortress weapon peace diplomacy "
              "citizenship identity gender religion ritual prayer sermon myth legend folklore song dance festival game sport "
              "education teacher pupil university curriculum literacy reading writing printing publishing newspaper radio "
              "television film photograph map atlas globe compass telescope star planet comet galaxy light colour sound wave "
              "field particle atom crystal magnet current circuit signal sensor robot algorithm database software computer "
              "internet privacy security error noise probability statistics geometry algebra number equation matrix graph "
              "tree stream cluster boundary diffusion friction pressure temperature density viscosity corrosion fatigue "
              "fracture vibration control optimisation simulation measurement uncertainty inference learning perception "
              "attention emotion anxiety sleep pain nutrition obesity diabetes cancer stroke asthma allergy infection "
              "resistance antibody enzyme hormone receptor membrane neuron gene mutation evolution species habitat wetland "
              "meadow pasture harvest irrigation erosion sediment mineral fossil volcano earthquake tide current reef")
EN_ADJ = _w("early modern medieval urban rural public private social economic political cultural digital quantitative "
            "qualitative comparative experimental theoretical applied clinical molecular structural functional dynamic "
            "nonlinear stochastic adaptive sustainable coastal alpine arctic tropical industrial agricultural colonial "
            "imperial national regional local global historical contemporary practical popular sacred secular acute chronic "
            "optical thermal magnetic electronic numerical spatial temporal seasonal annual critical visual verbal hidden "
            "silent common rare small large deep shallow")

def _o(text):
    return text.split("|")


L = {}
L["en"] = dict(name="English", share=.50, script="Latn", and_=" and ", in_=" in ", of=" of ", nouns=EN_NOUNS, adj=EN_ADJ,
    open=_o("Studies in |The |A |An introduction to |Essays on |Towards |On |The history of |Principles of |Handbook of |"
            "Perspectives on |Rethinking |Notes on |The politics of |The economics of |Patterns of |Models of |Effects of |||||"),
    subs=_p("a critical introduction|an annotated bibliography|new perspectives|a comparative study|theory and practice|"
            "from the beginnings to the present|evidence from {P}|essays in honour of {S}|a field guide|the case of {P}|"
            "sources and methods|a systematic review|a survey of the literature|lessons from {P}|readings and documents|"
            "an illustrated history|problems and prospects|a randomised trial in {P}"),
    given=_w("Anna Louisa Thomas Helen Peter Margaret James Alice Robert Clara Henry Edith George Ruth Samuel Nora Walter Grace "
             "Martin Julia Edmund Rose Hugh Beatrice Oliver Sarah Daniel Emma Frederick Laura Philip Irene Simon Judith Adam"),
    sur=("Ash Brack Carn Dun El Farn Gold Harl Ing Kes Lang Mar Nor Oak Pen Quin Ral Stan Thorn Ux Wad Win York Hol Bram",
         "well ford ton ley worth combe bridge wick stead field more wood den hurst man son by sham ridge low"))
L["de"] = dict(name="German", share=.12, script="Latn", and_=" und ", in_=" in ", of=" von ",
    nouns=_w("Sprache Geschichte Bibliothek Landschaft Verwaltung Dichtung Malerei Musik Recht Handel Wirtschaft Gesellschaft "
             "Erziehung Schule Kirche Kloster Stadt Dorf Wald Gebirge Wasser Klima Energie Technik Maschine Messung Statistik "
             "Physik Chemie Medizin Chirurgie Pflege Arznei Krankheit Ernährung Bewegung Wahrnehmung Gedächtnis Bildung "
             "Freiheit Staat Verfassung Reform Krieg Frieden Grenze Wanderung Heimat Fremde Roman Drama Lyrik Übersetzung "
             "Handschrift Buchdruck Zeitung Öffentlichkeit Märchen Sage Gärten Brücken Mühlen Glashütten Bergwerke Küsten"),
    adj=_w("Neuere Ältere Ländliche Moderne Allgemeine Vergleichende Historische Öffentliche Städtische Kritische"),
    open=_o("Die |Der |Das |Beiträge zu |Studien über |Grundlagen der |Einführung in die |Zur |Über |Handbuch der ||||"),
    subs=_p("eine Einführung|Beiträge zu einer Tagung in {P}|Festschrift für {S}|Quellen und Studien|ein Handbuch|"
            "Untersuchungen am Beispiel {P}|Entwicklung und Gegenwart|Lehrbuch für Studierende|ein Überblick"),
    given=_w("Karl Jürgen Hans Anna Gisela Ursula Dieter Käthe Günther Renate Heinrich Ilse Wolfgang Bärbel Friedrich Lena Otto Maria"),
    sur=("Ber Grün Hein Kes Lin Mül Nie Ober Roth Schön Stein Wag Zim Bäum Kröh Fürst Hart Lö", "ler mann berg bach huber stein ner wald inger meier hoff feld rich"))
L["fr"] = dict(name="French", share=.08, script="Latn", and_=" et ", in_=" dans ", of=" de ",
    nouns=_w("langue histoire société lumière mémoire théâtre poésie peinture musique droit commerce économie éducation école "
             "église ville village forêt montagne rivière climat énergie technique mesure physique chimie médecine chirurgie "
             "maladie nutrition perception liberté république réforme guerre paix frontière migration roman critique traduction "
             "manuscrit imprimerie presse légende jardin port pont moulin verrerie mine côte île paysage archéologie"),
    adj=_w("nouvelle ancienne moderne rurale urbaine générale comparée publique littéraire médiévale"),
    open=_o("La |Le |L'|Essai sur |Études sur |Introduction à la |Histoire de la |Recherches sur |Les |Une ||||"),
    subs=_p("essai critique|étude comparée|actes du colloque de {P}|textes et documents|mélanges offerts à {S}|"
            "méthodes et perspectives|des origines à nos jours|l'exemple de {P}"),
    given=_w("Jean Marie Pierre Hélène André Geneviève Louis Françoise Émile Claire Henri Sylvie René Thérèse Luc Zoé"),
    sur=("Bel Cham Du Fon Gar La Mar Mon Per Rous Saint Vil Bé Lefè Gué", "mont bert vrier tain sel reau chet don vaux lier net trand"))
L["es"] = dict(name="Spanish", share=.06, script="Latn", and_=" y ", in_=" en ", of=" de ",
    nouns=_w("lengua historia sociedad memoria teatro poesía pintura música derecho comercio economía educación escuela iglesia "
             "ciudad pueblo bosque montaña río clima energía técnica medición física química medicina cirugía enfermedad "
             "nutrición percepción libertad república reforma guerra paz frontera migración novela crítica traducción imprenta "
             "prensa leyenda jardín puerto puente molino mina costa isla paisaje arqueología niñez sueño"),
    adj=_w("nueva antigua moderna rural urbana general comparada pública literaria medieval"),
    open=_o("La |El |Estudios sobre |Introducción a la |Historia de la |Ensayos sobre |Hacia la |Las ||||"),
    subs=_p("un estudio comparado|teoría y práctica|el caso de {P}|homenaje a {S}|fuentes y métodos|actas del congreso de {P}|"
            "una revisión"),
    given=_w("José María Juan Carmen Luis Pilar Ángel Inés Ramón Lucía Andrés Belén Jesús Sofía Tomás Elena"),
    sur=("Gar Fer Her Mar Mon Nav Or Quin Ro Sal Tor Val Zam Íñi Nú", "cía nández tez dera tega sero ñez alba rrero guez mudo"))
L["it"] = dict(name="Italian", share=.04, script="Latn", and_=" e ", in_=" in ", of=" di ",
    nouns=_w("lingua storia società memoria teatro poesia pittura musica diritto commercio economia educazione scuola chiesa "
             "città villaggio bosco montagna fiume clima energia tecnica misura fisica chimica medicina malattia nutrizione "
             "libertà repubblica riforma guerra pace confine migrazione romanzo critica traduzione stampa giornale leggenda "
             "giardino porto ponte mulino miniera costa isola paesaggio"),
    adj=_w("nuova antica moderna rurale urbana generale comparata pubblica letteraria medievale"),
    open=_o("La |Il |Studi su |Introduzione alla |Storia della |Saggi su |Le |Per una |||"),
    subs=_p("saggio critico|atti del convegno di {P}|fonti e metodi|studi in onore di {S}|il caso di {P}|teoria e pratica"),
    given=_w("Giovanni Maria Luca Chiara Paolo Elena Marco Niccolò Giulia Pietro Francesca Andrea Sara Carlo"),
    sur=("Bel Car Fer Gal Lom Mar Ros Vi Zan Pel Mon", "lini ducci rari bardi setti tardi netti lucci telli ghini"))
L["pt"] = dict(name="Portuguese", share=.03, script="Latn", and_=" e ", in_=" em ", of=" de ",
    nouns=_w("língua história sociedade memória teatro poesia pintura música direito comércio economia educação escola igreja "
             "cidade aldeia floresta montanha rio clima energia técnica medição física química medicina doença nutrição "
             "liberdade república reforma guerra paz fronteira migração romance crítica tradução imprensa lenda jardim porto "
             "ponte moinho costa ilha paisagem"),
    adj=_w("nova antiga moderna rural urbana geral comparada pública literária medieval"),
    open=_o("A |O |Estudos sobre |Introdução à |História da |Ensaios sobre ||||"),
    subs=_p("um estudo comparado|teoria e prática|o caso de {P}|homenagem a {S}|fontes e métodos|atas do congresso de {P}"),
    given=_w("João Maria António Inês Luís Catarina Sebastião Beatriz Rui Conceição Tomás Leonor"),
    sur=("Al Bar Car Fon Gon Mag Or Pe Sou Vas", "meida bosa valho seca çalves lhães tiga reira concelos zaga"))
L["sv"] = dict(name="Swedish", share=.025, script="Latn", and_=" och ", in_=" i ", of=" av ",
    nouns=_w("språk historia samhälle minne teater dikt målning musik rätt handel ekonomi skola kyrka stad by skog fjäll vatten "
             "klimat energi teknik mätning fysik kemi medicin sjukdom föda frihet stat reform krig fred gräns flyttning roman "
             "kritik översättning tryck tidning saga trädgård hamn bro kvarn gruva kust skärgård landskap"),
    adj=_w("Nya Gamla Moderna Jämförande Kritiska"),
    open=_o("Studier i |Bidrag till |Om |Inledning till ||||"),
    subs=_p("en inledning|källor och metoder|festskrift till {S}|en jämförande studie|exemplet {P}"),
    given=_w("Anders Märta Lars Åsa Nils Ingrid Göran Sigrid Erik Karin Håkan Britta"),
    sur=("Berg Lind Ny Sjö Ström Ek Gran Hög Dal Åker", "ström kvist gren lund man dahl berg mark qvist"))
L["pl"] = dict(name="Polish", share=.02, script="Latn", and_=" i ", in_=" w ", of=" z ",
    nouns=_w("język historia teatr poezja malarstwo muzyka prawo handel gospodarka edukacja miasto las góry rzeka klimat energia "
             "technika fizyka chemia medycyna choroba republika reforma wojna granica migracja krytyka "
             "druk prasa legenda ogród port most kopalnia wyspa krajobraz źródła książka dziecko pamięć"),
    adj=_w("Nowa Dawna Nowoczesna Publiczna Literacka"), open=_o("Studia: |Zarys: ||||"),
    subs=_p("zarys problematyki|materiały z konferencji|studia i szkice|podręcznik akademicki"),
    given=_w("Jan Anna Piotr Zofia Andrzej Agnieszka Józef Małgorzata Krzysztof Ewa"),
    sur=("Kowal Wiśn Nowak Zieliń Mazur Dąbrow Gór Wójc", "ski icki ek owicz ak"))
L["nl"] = dict(name="Dutch", share=.015, script="Latn", and_=" en ", in_=" in ", of=" van ",
    nouns=_w("taal geschiedenis samenleving geheugen toneel muziek recht handel economie onderwijs school kerk stad dorp bos "
             "rivier klimaat energie techniek meting natuurkunde scheikunde geneeskunde ziekte voeding vrijheid staat oorlog "
             "vrede grens roman kritiek vertaling drukkunst krant tuin haven brug molen kust eiland landschap"),
    adj=_w("Nieuwe Oude Moderne Vergelijkende"), open=_o("De |Het |Studies over |Inleiding tot |||"),
    subs=_p("een inleiding|bronnen en methoden|een vergelijkende studie|het voorbeeld van {P}"),
    given=_w("Jan Pieter Anneke Willem Saskia Hendrik Marijke Dirk Elsje Cornelis"),
    sur=("van_der_Meer van_den_Berg de_Vries Jans Wille Hend Bos Dek", "| se ker kamp ma"))
L["cs"] = dict(name="Czech", share=.015, script="Latn", and_=" a ", in_=" v ", of=" z ",
    nouns=_w("jazyk dějiny společnost paměť divadlo poezie malířství hudba právo obchod škola město les hory řeka podnebí energie "
             "technika fyzika chemie lékařství nemoc svoboda republika reforma válka mír hranice román kritika překlad tisk "
             "pověst zahrada most důl ostrov krajina"),
    adj=_w("Nová Stará Moderní Srovnávací"), open=_o("Úvod: |Studie: |||"), subs=_p("úvod do studia|prameny a metody|sborník příspěvků"),
    given=_w("Jan Jiří Jana Věra Tomáš Božena Karel Ludmila Ondřej Růžena"),
    sur=("Novo Dvo Svobo Čer Jelín Pokor Hor Zelen", "ák ný ek ka áček ský"))
L["fi"] = dict(name="Finnish", share=.015, script="Latn", and_=" ja ", in_=" - ", of=" - ",
    nouns=_w("kieli historia yhteiskunta muisti teatteri runous maalaus musiikki oikeus kauppa talous koulu kirkko kaupunki kylä "
             "metsä tunturi vesi ilmasto energia tekniikka mittaus fysiikka kemia lääketiede sairaus ravinto vapaus valtio sota "
             "rauha raja romaani arvostelu käännös kirjapaino sanomalehti satu puutarha satama silta mylly rannikko saari maisema"),
    adj=_w("Uusi Vanha Nykyinen Vertaileva"), open=_o("|||"), subs=_p("johdatus aiheeseen|lähteet ja menetelmät|juhlakirja"),
    given=_w("Matti Aino Väinö Helmi Eero Päivi Juhani Kaisa Yrjö Sirkka"),
    sur=("Mäki Laak Virta Niemi Koski Järvi Salmi Hämä", "nen la läinen maa sonen"))
L["da"] = dict(name="Danish", share=.01, script="Latn", and_=" og ", in_=" i ", of=" af ",
    nouns=_w("sprog historie samfund erindring teater digtning maleri musik ret handel skole kirke by skov vand klima energi "
             "teknik fysik kemi medicin sygdom frihed stat krig fred roman kritik tryk avis sagn have havn bro kyst"),
    adj=_w("Nye Gamle Moderne"), open=_o("Studier i |Bidrag til |Om |||"), subs=_p("en indledning|kilder og metoder"),
    given=_w("Hans Karen Niels Inger Jens Kirsten Poul Lise"), sur=("Han Peter Niel Lar Mad Raf", "sen n | dal"))
L["tr"] = dict(name="Turkish", share=.01, script="Latn", and_=" ve ", in_=" - ", of=" - ",
    nouns=_w("dil tarih toplum tiyatro resim müzik hukuk ticaret ekonomi okul köy orman nehir iklim enerji teknik ölçüm fizik "
             "kimya hastalık özgürlük devlet roman çeviri gazete bahçe liman köprü kıyı ada manzara"),
    adj=_w("Yeni Eski Çağdaş"), open=_o("|||"), subs=_p("bir inceleme|kaynaklar ve yöntemler"),
    given=_w("Mehmet Ayşe Ahmet Gül Hasan Çiğdem Ömer Elif"), sur=("Öz Yıl Kara Ak Demir Gün", "türk maz can soy er"))
L["hu"] = dict(name="Hungarian", share=.01, script="Latn", and_=" és ", in_=" - ", of=" - ",
    nouns=_w("nyelv történelem társadalom emlékezet színház költészet festészet zene jog kereskedelem iskola templom város falu "
             "erdő hegység víz éghajlat energia technika fizika kémia betegség szabadság állam háború béke határ regény fordítás "
             "nyomda újság monda kert híd malom sziget táj"),
    adj=_w("Új Régi Modern"), open=_o("Tanulmányok: |||"), subs=_p("bevezetés|források és módszerek"),
    given=_w("László Ágnes István Erzsébet György Katalin Béla Ilona"), sur=("Szab Nagy Kov Tót Far Hor", "ó falvi ács váth kas ány"))
L["ru"] = dict(name="Russian", share=.03, script="Cyrl", and_=" и ", in_=" - ", of=" - ",
    nouns=_w("язык история общество память театр поэзия живопись музыка право торговля экономика школа церковь город деревня лес "
             "река климат энергия техника измерение физика химия медицина болезнь питание восприятие свобода государство реформа "
             "война мир граница роман критика перевод рукопись печать газета сказка сад порт мост мельница берег остров пейзаж"),
    adj=_w("Новая Древняя Современная Общая"), open=_o("Очерки: |Введение: |||"),
    subs=_p("очерки истории|материалы конференции|учебное пособие|источники и методы|сборник статей"),
    given=_p("Иван Петрович|Анна Сергеевна|Лев Борисович|Мария Ивановна|Николай Андреевич|Елена Павловна|Сергей Юрьевич|Ольга Львовна"),
    sur=("Бере Волк Гру Зай Кор Лес Мор Орл Сне Тих", "зин овский ский ухин цев ов кин шаев"))
L["uk"] = dict(name="Ukrainian", share=.006, script="Cyrl", and_=" та ", in_=" - ", of=" - ",
    nouns=_w("мова історія суспільство театр поезія живопис музика право торгівля школа церква місто село ліс річка клімат "
             "енергія техніка вимірювання фізика хімія медицина хвороба свобода держава війна мир роман переклад друк газета казка"),
    adj=_w("Нова Давня Сучасна"), open=_o("Нариси: |||"), subs=_p("нариси історії|матеріали конференції"),
    given=_p("Іван Петрович|Оксана Іванівна|Тарас Андрійович|Леся Михайлівна"), sur=("Шев Кова Бонда Мельни Гри", "ченко льчук рук цький щенко"))
L["el"] = dict(name="Greek, Modern (1453-)", share=.01, script="Grek", and_=" και ", in_=" - ", of=" - ",
    nouns=_w("γλώσσα ιστορία κοινωνία μνήμη θέατρο ποίηση ζωγραφική μουσική δίκαιο εμπόριο οικονομία σχολείο εκκλησία πόλη χωριό "
             "δάσος ποτάμι κλίμα ενέργεια τεχνική μέτρηση φυσική χημεία ιατρική ελευθερία κράτος πόλεμος ειρήνη σύνορα κριτική"),
    adj=_w("Νέα Παλαιά Σύγχρονη"), open=_o("Μελέτες: |||"), subs=_p("πηγές και μέθοδοι|πρακτικά συνεδρίου"),
    given=_w("Νίκος Μαρία Γιώργος Ελένη Κώστας Άννα"), sur=("Παπαδ Καλλ Δημητρ Νικολ Μακρ", "όπουλος ίδης άκης έας"))
L["he"] = dict(name="Hebrew", share=.008, script="Hebr", and_=" ו", in_=" ", of=" ",
    nouns=_w("שפה תולדות חברה זיכרון תיאטרון שירה ציור מוזיקה משפט מסחר כלכלה חינוך עיר כפר יער נהר אקלים אנרגיה טכניקה מדידה "
             "פיזיקה כימיה רפואה חירות מדינה מלחמה שלום גבול רומן ביקורת תרגום דפוס עיתון אגדה גן נמל גשר"),
    adj=_w("חדשה ישנה"), open=_o("|||"), subs=_p("מקורות ושיטות|אסופת מאמרים"),
    given=_w("דוד רחל יוסף מרים משה לאה"), sur=("ברק אלמ שקד גול רוז", "ן ני בי ון ר"))
L["ar"] = dict(name="Arabic", share=.006, script="Arab", and_=" و", in_=" ", of=" ",
    nouns=_w("لغة تاريخ مجتمع مسرح شعر رسم قانون تجارة مدرسة مدينة قرية غابة نهر مناخ طاقة تقنية قياس فلك جبر طب حرية دولة "
             "حرب سلام حدود رواية نقد ترجمة طباعة صحيفة جسر"),
    adj=_w("حديثة قديمة"), open=_o("|||"), subs=_p("مصادر ومناهج|مدخل"),
    given=_w("محمد فاطمة علي مريم يوسف"), sur=("حسن كريم سليم نور جمال", "ي ان"))
L["zh"] = dict(name="Chinese", share=.015, script="Hani", and_="与", in_="", of="",
    nouns=_w("语言 历史 社会 记忆 戏剧 诗歌 绘画 音乐 法律 贸易 经济 教育 城市 农村 森林 河流 气候 能源 技术 物理 化学 医学 营养 自由 国家 改革 "
             "和平 边界 小说 批评 翻译 印刷 报纸 传说 花园 桥梁 海岸 山水"),
    adj=_w("现代 古代 比较"), open=_o("|||"), subs=_p("导论|资料与方法|论文集"),
    given=_w("明 丽华 建国 秀英 志强 小红"), sur=("王 李 张 刘 陈 杨 赵 黄", ""))
L["ja"] = dict(name="Japanese", share=.012, script="Jpan", and_="と", in_="の", of="の",
    nouns=_w("言語 歴史 社会 記憶 演劇 詩歌 絵画 音楽 法律 貿易 経済 教育 都市 農村 森林 河川 気候 動物 技術 物理 化学 医学 栄養 自由 国家 "
             "改革 平和 小説 批評 翻訳 印刷 新聞 伝説 庭園 海岸 テキスト"),
    adj=_w("現代 古代 比較"), open=_o("|||"), subs=_p("入門|資料と方法|論文集"),
    given=_w("太郎 花子 健一 由美 正夫"), sur=("山田 田中 木村 中村 小林 石川", ""))
L["ko"] = dict(name="Korean", share=.006, script="Kore", and_="와 ", in_=" ", of=" ",
    nouns=_w("언어 역사 사회 기억 연극 시가 회화 음악 경제 교육 도시 농촌 하천 기후 기술 물리 화학 의학 국가 개혁 소설 비평 번역 신문 정원 바다"),
    adj=_w("현대 고대"), open=_o("|||"), subs=_p("입문|자료와 방법"),
    given=_w("민수 영희 지훈 수진"), sur=("김 이 박 최 정 강", ""))

TOPICS = [a.capitalize() + " " + b for a in EN_ADJ[:40] for b in ("history", "libraries", "culture", "geography", "economics")] + \
    [n.capitalize() + "s" for n in EN_NOUNS[:60]] + [h.capitalize() + t for h in HEADS[:30] for t in TAILS[:8]]
PUBLISHERS = _p("Brackwater University Press|Elderfeld Verlag|Torsvik Forlag|Valloria Academic|Osmunda Press|Korveny Books|"
                "Harlworth and Sons|Edizioni Lombardetti|Presses de Belmont|Ediciones Navarrero|Lindkvist Bokhandel|"
                "Meridian Scientific|Tidewater Publications|Northgate House|Quarto Science|Wolkenstein Verlag|Blue Heron Press")
PLACES_PUB = _p("Brackwater|Elderfeld|Torsvik|Valloria|Osmunda|Korveny|Harlworth|Belmont|Navarra|Northgate")
SYL = _w("ka ri mo ne ta lo vi sen dra ber gi hu fel no wi mar tos el ja pi rud ska ven qui zor lin ha o pe cha ur dal bre fos gan "
         "hil jor kel lum nor")
CYR_SYL = dict(zip(SYL, _w("ка ри мо не та ло ви сен дра бер ги ху фел но ви мар тос ел я пи руд ска вен кви зор лин ха о пе ча ур дал "
                           "бре фос ган хил ёр кел лум нор")))
PINYIN = dict(zip("语言历史社会记忆戏剧诗歌绘画音乐法律贸易经济教育城市农村森林河流气候能源技术物理化学医营养自由国家改革和平边界小说批评翻译印刷报纸传花园桥梁海岸山水现代古比较导论资料与方文集明丽华建秀英志强红王李张刘陈杨赵黄",
    _w("yǔ yán lì shǐ shè huì jì yì xì jù shī gē huì huà yīn lè fǎ lǜ mào yì jīng jì jiào yù chéng shì nóng cūn sēn lín hé liú qì hòu "
       "néng yuán jì shù wù lǐ huà xué yī yíng yǎng zì yóu guó jiā gǎi gé hé píng biān jiè xiǎo shuō pī píng fān yì yìn shuā bào zhǐ "
       "chuán huā yuán qiáo liáng hǎi àn shān shuǐ xiàn dài gǔ bǐ jiào dǎo lùn zī liào yǔ fāng wén jí míng lì huá jiàn xiù yīng zhì "
       "qiáng hóng wáng lǐ zhāng liú chén yáng zhào huáng")))
PINYIN.update(zip("語歴記憶演劇詩絵画楽貿経済都農川気栄養評訳新聞伝説庭園資較論国家現導太郎花子健一由美正夫田中木村石入門大業本日北京報読書館編的红楼梦夢曹雪芹之心夏目漱紅樓",
    _w("yǔ lì jì yì yǎn jù shī huì huà lè mào jīng jì dū nóng chuān qì róng yǎng píng yì xīn wén chuán shuō tíng yuán zī jiào lùn guó jiā "
       "xiàn dǎo tài láng huā zi jiàn yī yóu měi zhèng fū tián zhōng mù cūn shí rù mén dà yè běn rì běi jīng bào dú shū guǎn biān de "
       "hóng lóu mèng mèng cáo xuě qín zhī xīn xià mù shù hóng lóu")))
PINYIN.update({"動": "dòng", "術": "shù"})
