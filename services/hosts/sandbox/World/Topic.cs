namespace IssueObservatory.Mesh.Sandbox.World;

/// <summary>What people post about: how often, with which hashtags and in which sentences.</summary>
internal sealed record Topic(double Weight, string[] Hashtags, string[] Sentences)
{
    /// <summary>Tags that go with everything.</summary>
    public static readonly string[] Everywhere =
        ["fyp", "foryou", "fordig", "danmark", "dansk", "dktiktok", "fypdk", "viral", "fypシ", "DanskTikTok"];

    public static readonly Topic[] All =
    [
        new(0.17, ["dkpol", "danskpolitik", "folketinget", "politik", "debat", "demokrati", "borgen", "DKpol"],
        [
            "Folketinget stemmer i dag om den nye aftale",
            "Spørgetime i folketinget, og ingen svarer på spørgsmålet",
            "Hvad betyder aftalen for din kommune?",
            "Tre ting du skal vide om finansloven",
            "Ministeren er kaldt i samråd igen",
            "Vi har læst lovforslaget, så du slipper",
            "Hvem bestemmer egentlig i et udvalg?",
            "Kan en borger selv stille et forslag?",
            "What happens when the Danish parliament opens in October",
        ]),
        new(0.09, ["valg", "valg2026", "kommunalvalg", "folketingsvalg", "stemnu", "dkpol", "vælger"],
        [
            "Husk at stemme, der er valg på søndag",
            "Hvem vinder folketingsvalget, hvis de unge stemmer?",
            "Første valg i mit liv, og jeg er i tvivl",
            "Valgplakaterne hænger overalt i byen nu",
            "Sådan læser du en stemmeseddel",
            "Valgdebat i aften, vi følger med",
            "My first Danish election explained in one minute",
        ]),
        new(0.10, ["klima", "klimakrise", "grønomstilling", "klimahandling", "vindmøller", "natur", "climate"],
        [
            "Klima er stadig det vigtigste for os",
            "Klimaaftalen på et minut",
            "Vi gik 40.000 skridt for klimaet i lørdags",
            "Hvorfor skal marken være skov?",
            "Havet har aldrig været så varmt i maj",
            "Folketinget taler klima, vi tæller ordene",
            "Denmark built all these wind turbines, so what now?",
        ]),
        new(0.07, ["boligkrise", "andelsbolig", "husleje", "københavn", "aarhus", "studiebolig"],
        [
            "Syv kvadratmeter og fælles bad til 6.200 om måneden",
            "Huslejen steg igen, her er brevet",
            "Sådan fandt jeg en andelsbolig",
            "Flyttedag nummer fire på to år",
        ]),
        new(0.08, ["uddannelse", "su", "gymnasiet", "studieliv", "skole", "eksamen"],
        [
            "Eksamen om tre dage, og jeg har ikke åbnet bogen",
            "Hvad kan man leve af på SU?",
            "Lærerne strejker ikke, de er bare trætte",
            "En dag på gymnasiet",
            "Karakterer siger ikke alt, men de siger noget",
        ]),
        new(0.06, ["sundhed", "psykiatri", "sygeplejerske", "sosu", "velfærd"],
        [
            "Nattevagt på afdelingen, kom med",
            "Ventetid i psykiatrien: 41 uger",
            "Vi mangler kolleger, ikke klapsalver",
            "Velfærd koster, og det gør det modsatte også",
        ]),
        new(0.05, ["eudk", "eu", "europa", "forsvar", "sikkerhed", "dkpol"],
        [
            "Hvad laver Danmark egentlig i EU?",
            "Forsvaret vil have flere på værnepligt",
            "Europa forklaret med rugbrød",
            "Why Denmark has opt-outs, in short",
        ]),
        new(0.04, ["grønland", "kalaallitnunaat", "nuuk", "føroyar", "rigsfællesskabet", "arctic"],
        [
            "Nuuk en tirsdag i minus tolv",
            "Rigsfællesskabet forklaret af en fra Tórshavn",
            "Kalaallit Nunaat er ikke til salg",
            "Føroyar í dag, vind og sol",
        ]),
        new(0.10, ["mad", "opskrift", "hygge", "bagning", "smørrebrød", "aftensmad"],
        [
            "Smørrebrød på fem minutter",
            "Kanelsnegle som mormor bagte dem",
            "Aftensmad for en tyver",
            "Hygge is not a candle, it is this",
        ]),
        new(0.08, ["fodbold", "superliga", "landsholdet", "håndbold", "sport"],
        [
            "Landsholdet i aften, hvem tager den?",
            "Håndbold er bedre, og jeg tager diskussionen",
            "Det mål!",
            "Bortekamp i regn, selvfølgelig",
        ]),
        new(0.06, ["musik", "duet", "cover", "festival", "sang"],
        [
            "#duet med min lillebror",
            "Ny sang på fredag",
            "Festivalcamp dag fire",
            "Singing in Danish so you do not have to",
        ]),
        new(0.10, ["hverdag", "fyp", "humor", "relatable", "københavn", "pov", "1"],
        [
            "POV: du siger hej til din nabo i Danmark",
            "Ingen taler i bussen, og det er fint",
            "Når det regner på vej til arbejde",
            "How to make Danish friends, step one: wait",
            "Cykelstien klokken otte",
            "Mandag #1",
        ]),
    ];

    public static readonly string[] Emoji = ["😂", "🇩🇰", "🔥", "🙏", "✈️", "💨", "😳", "🌱", "❤️", "🗳️", "👀", "🇬🇱", "🤷‍♀️", "🎵"];

    /// <summary>Sentences that people say into the camera.</summary>
    public static readonly string[] Spoken =
    [
        "okay så jeg bliver nødt til at sige noget om det her",
        "det er tredje gang på to uger",
        "og så spurgte jeg hvem der egentlig har besluttet det",
        "man kan læse det hele på side fire",
        "jeg siger ikke at det er forkert jeg siger bare at ingen har spurgt os",
        "skriv i kommentarerne hvad du synes",
        "følg med for del to",
        "i folketinget hedder det en redegørelse",
        "vi tager den lige en gang til",
        "det kostede det samme sidste år",
        "so basically nobody explained it so I will",
        "tak fordi du så med",
        "hos os derhjemme taler vi ikke om andet",
        "klimaet venter ikke på et udvalg",
    ];

    /// <summary>One topic by weight; the weights need not add up to one.</summary>
    public static Topic Pick(SeededRandom random)
    {
        var left = random.NextDouble() * TotalWeight;
        foreach (var topic in All)
        {
            left -= topic.Weight;
            if (left < 0)
            {
                return topic;
            }
        }

        return All[^1];
    }

    private static readonly double TotalWeight = All.Sum(topic => topic.Weight);
}
