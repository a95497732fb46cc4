"""A small healthy register and library as files; tests break them one cell at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LIBRARY = {
    "sources": "source,citation,opened\nlaw,Decree 843/2017,2026-01-15\nmemory,General knowledge,\n",
    "materials": "material,parent,carrier,unit,moisture,bulk_density,lhv,grade,name_en\n"
    "slag,,solid,t,,,,,Slag\n"
    "slag.steel,slag,solid,t,6,1.8,,C,Steel slag\n"
    "ash,,solid,t,,,,,Ash\n"
    "aggregate,,solid,t,,,,,Aggregate\n"
    "dust,,solid,t,,,,,Dust\n"
    "bark,,fuel,MWh,,,2.1,C,Bark\n"
    "heat,,heat,MWh,,,,,Heat\n"
    "water,,water,m3,,,,,Water\n",
    "components": "component,kind,name_en,oxide_of,factor,unit\n"
    "Cr_total,element,Chromium,,,mg/kg\n"
    "Cr2O3,oxide,Chromium oxide,Cr_total,0.68421,mg/kg\n"
    "Cr_VI,ion,Hexavalent chromium,,,mg/kg\n"
    "pH,property,pH,,,pH\n",
    "low_codes": "low_code,hazardous,name_en\n10 02 01,no,wastes of slag\n10 02 07,yes,wastes of gas treatment\n",
    "products": "product,name,material,unit\nrock,Crushed rock,aggregate,t\nlime,Lime,aggregate,t\ndistrict_heat,District heat,heat,MWh\n",
    "prices": "price,subject,name,kind,value,unit,year,grade,source\n"
    "rock_price,rock,Crushed rock,product,11,EUR/t,2024,C,memory\n"
    "heat_price,district_heat,District heat,energy,60,EUR/MWh,2024,C,memory\n",
    "factors": "factor,subject,name,kind,value,unit,grade,source\n"
    "rock_factor,rock,Crushed rock,product,6,kgCO2e/t,C,memory\n"
    "heat_factor,district_heat,District heat,energy,150,kgCO2e/MWh,C,memory\n"
    "lime_factor,lime,Lime,product,900,kgCO2e/t,C,memory\n",
    "technologies": "technology,name,activity,grade,source\nscreening,Screening,t of slag,C,memory\nliming,Liming,t of slag,C,memory\n",
    "recipe_inputs": "technology,slot,material,product,amount_low,amount_high,grade,source\n"
    "screening,feed,slag,,1,1,C,memory\n"
    "liming,feed,slag,lime,1,1,C,memory\n",
    "recipe_outputs": "technology,output,slot,makes,kind,yield,grade,source\n"
    "screening,coarse,feed,aggregate,product,0.75,C,memory\n"
    "screening,fines,feed,dust,residue,0.25,C,memory\n"
    "liming,limed,feed,aggregate,product,1,C,memory\n",
}

REGION = {
    "vintages": "vintage,year,title,default\n2018,2018,As published,\n2024,2024,Estimate,yes\n",
    "sources": "source,citation,opened\nreport,Environmental report 2024,2025-03\n",
    "organisations": "organisation,name,kind\nmill,The mill,company\n",
    "sites": "site,name,organisation\ntornio_works,Tornio works,mill\nkemi_mill,Kemi mill,mill\n",
    "streams": "stream,name,site,material,parent,part,moisture,grade\n"
    "steel_slag,Steel slag,tornio_works,slag.steel,,,8,B\n"
    "slag_fines,Slag fines,tornio_works,slag.steel,steel_slag,subset,8,B\n"
    "fly_ash,Fly ash,kemi_mill,ash,,,20,C\n",
    "quantities": "table,subject,vintage,value,grade,source\n"
    "streams,steel_slag,2024,100000,B,report\n"
    "streams,slag_fines,2024,30000,B,report\n"
    "streams,fly_ash,2024,5000,C,report\n"
    "needs,road_base,2024,50000,C,report\n",
    "fates": "fate,stream,name,kind,share,grade,source\n"
    "slag_sold,steel_slag,Sold,sold,60,B,report\n"
    "slag_stored,steel_slag,Stored,stored,40,B,report\n"
    "fines_stored,slag_fines,Stored,stored,,B,report\n"
    "ash_landfilled,fly_ash,Landfilled,landfill,,C,report\n",
    "needs": "need,name,site,material,product,grade,source\nroad_base,Road base,kemi_mill,aggregate,rock,C,report\n",
    "acceptances": "need,material,ratio,grade,source\nroad_base,slag,1,C,report\n",
}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write CSV files into a new folder; a name with an ending is taken as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        file = folder / (name if "." in name else f"{name}.csv")
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def region(folder: Path, **changes: str | bytes | None) -> Path:
    """The healthy register with some files replaced, added, or (None) taken away."""
    return write(folder, {name: content for name, content in (REGION | changes).items() if content is not None})


def edited(table: str, *edits: tuple[str, str]) -> str:
    """A file of the healthy register with some of its text replaced; each text must stand there once."""
    text = REGION[table]
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {table}"
        text = text.replace(old, new)
    return text


def added(table: str, *lines: str) -> str:
    """A file of the healthy register with more rows."""
    return REGION[table] + "".join(f"{line}\n" for line in lines)


def lines(*rows: str) -> str:
    """A file of these rows."""
    return "".join(f"{row}\n" for row in rows)
